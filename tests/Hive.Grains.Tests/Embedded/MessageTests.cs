using System.Buffers;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Hive.Engine;
using Hive.Evaluators;
using Hive.Goals;
using Hive.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Hive.Embedded;

/// <summary>Every message of the grains' contracts, and every exception of theirs, goes through the embedded engine's wire format unharmed.</summary>
public sealed class MessageTests
{
    public static TheoryData<Type> Messages { get; } =
        [.. typeof(GoalStatus).Assembly.GetTypes().Where(type => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null && !type.IsAssignableTo(typeof(Exception)))];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_message_arrives_as_it_was_sent(Type type)
    {
        var check = typeof(MessageTests).GetMethod(nameof(ArrivesAsItWas), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type);
        check.Invoke(null, BindingFlags.DoNotWrapExceptions, null, null, null);
    }

    [Fact]
    public void Every_exception_keeps_its_type_and_what_it_says()
    {
        using var host = Host();
        var serializer = host.Services.GetRequiredService<WireSerializer>();
        var spec = Copy(serializer, new GoalSpecException([new GoalMistake("a", "b"), new GoalMistake("c", "d")]));
        Assert.Equal([new GoalMistake("a", "b"), new GoalMistake("c", "d")], spec.Mistakes);
        Copy(serializer, new GoalBusyException("busy"));
        Copy(serializer, new GoalHistoryException("history"));
        Copy(serializer, new EvaluatorException("broken", new TimeoutException("late")));
        Assert.Equal(StorageFault.Full, Copy(serializer, new StorageException(StorageFault.Full, "full", new IOException("disk"))).Fault);
        var log = Copy(serializer, new InconsistentLogException("goal", null, 4));
        Assert.Equal(("goal", null, 4), (log.Goal, log.ExpectedSequence, log.Sequence));
    }

    private static T Copy<T>(WireSerializer serializer, T exception)
        where T : Exception
    {
        var output = new ArrayBufferWriter<byte>();
        serializer.WriteException(exception, output);
        var copy = Assert.IsType<T>(serializer.ReadException(output.WrittenSpan));
        Assert.Equal(exception.Message, copy.Message);
        Assert.Equal(exception.InnerException?.GetType(), copy.InnerException?.GetType());
        return copy;
    }

    private static void ArrivesAsItWas<T>()
    {
        using var host = Host();
        var serializer = host.Services.GetRequiredService<WireSerializer>();
        for (var seed = 0UL; seed < 50; seed++)
        {
            var value = (T)Any(typeof(T), new SeededRandom(seed), 0)!;
            var output = new ArrayBufferWriter<byte>();
            serializer.Write(value, output);
            Assert.Equal(JsonSerializer.Serialize(value), JsonSerializer.Serialize(serializer.Read<T>(output.WrittenSpan)));
        }
    }

    private static IHost Host()
    {
        var builder = new HostApplicationBuilder();
        builder.UseOrleansClient(_ => { });
        return builder.Build();
    }

    private static object? Any(Type type, SeededRandom random, int depth)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying) return random.NextInt(3) == 0 ? null : Any(underlying, random, depth);
        if (type == typeof(string)) return new string('é', random.NextInt(20)) + random.NextInt(1000);
        if (type == typeof(bool)) return random.NextInt(2) == 0;
        if (type == typeof(double)) return random.NextDouble();
        if (type == typeof(DateTimeOffset)) return DateTimeOffset.UnixEpoch.AddSeconds(random.NextInt(int.MaxValue));
        if (type.IsEnum) return Enum.GetValues(type).GetValue(random.NextInt(Enum.GetValues(type).Length));
        if (type.IsPrimitive) return Convert.ChangeType(random.NextInt(100), type, System.Globalization.CultureInfo.InvariantCulture);
        if (type.IsArray || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)))
        {
            var element = type.IsArray ? type.GetElementType()! : type.GetGenericArguments()[0];
            var items = Array.CreateInstance(element, depth > 3 ? 0 : random.NextInt(4));
            for (var i = 0; i < items.Length; i++) items.SetValue(Any(element, random, depth + 1), i);
            return type.IsArray
                ? items
                : typeof(System.Runtime.InteropServices.ImmutableCollectionsMarshal).GetMethod("AsImmutableArray")!.MakeGenericMethod(element).Invoke(null, [items]);
        }

        if (type.IsAbstract) return null;
        var message = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var property in type.GetProperties().Where(property => property.GetCustomAttribute<IdAttribute>() is not null))
        {
            property.SetValue(message, Any(property.PropertyType, random, depth + 1));
        }

        return message;
    }
}
