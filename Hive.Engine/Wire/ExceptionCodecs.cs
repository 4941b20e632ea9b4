using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>How the exceptions of one type travel. The generator derives one a type that has a fitting constructor.</summary>
public abstract class ExceptionShape
{
    private protected ExceptionShape()
    {
    }

    internal abstract Type Type { get; }

    internal abstract void Write(ref WireWriter writer, Exception exception);

    internal abstract Exception Read(ref WireReader reader, string message, Exception? inner);
}

/// <summary>How exceptions of type <typeparamref name="T"/> travel, beyond what all exceptions have.</summary>
public abstract class ExceptionShape<T> : ExceptionShape
    where T : Exception
{
    internal sealed override Type Type => typeof(T);

    /// <summary>Writes what the constructor wants back and the exception has as properties.</summary>
    protected abstract void WriteFields(ref WireWriter writer, T exception);

    /// <summary>Reads that, until there is no more, and makes the exception.</summary>
    protected abstract T ReadFields(ref WireReader reader, string message, Exception? inner);

    internal sealed override void Write(ref WireWriter writer, Exception exception)
    {
        WriteFields(ref writer, (T)exception);
        writer.WriteEnd();
    }

    internal sealed override Exception Read(ref WireReader reader, string message, Exception? inner) => ReadFields(ref reader, message, inner);
}

/// <summary>An exception that is made of nothing but its message and what caused it.</summary>
internal sealed class PlainException<T>(Func<string, Exception?, T> create) : ExceptionShape<T>
    where T : Exception
{
    protected override void WriteFields(ref WireWriter writer, T exception)
    {
    }

    protected override T ReadFields(ref WireReader reader, string message, Exception? inner)
    {
        var key = 0UL;
        while (reader.NextField(ref key, out var kind)) reader.Skip(kind);
        return create(message, inner);
    }
}

/// <summary>
/// Writes and reads exceptions: the type's name, the message, the stack's text, the number and what caused it. One whose type the reader does not
/// list is read as an <see cref="OrleansException"/> that names the type; no type is looked up by a name that a message brings.
/// </summary>
internal sealed class ExceptionCodec<T> : Codec<T?>
    where T : Exception
{
    private const int LongestStack = 16_384;
    private const int NameId = 0;
    private const int MessageId = 1;
    private const int StackId = 2;
    private const int NumberId = 3;
    private const int InnerId = 4;
    private const int StateId = 5;

    public override WireKind Kind => WireKind.Object;

    public override void Write(ref WireWriter writer, T? value)
    {
        if (value is null)
        {
            writer.WriteByte((byte)ObjectMark.Null);
            return;
        }

        var texts = writer.Serializer.GetCodec<string>();
        var stack = value.StackTrace ?? string.Empty;
        writer.WriteByte((byte)ObjectMark.Plain);
        writer.Enter(value.GetType());
        writer.WriteField(NameId, texts, writer.Serializer.NameOf(value));
        writer.WriteField(MessageId - NameId, texts, OwnMessage(value));
        writer.WriteField(StackId - MessageId, texts, stack.Length > LongestStack ? stack[..LongestStack] : stack);
        writer.WriteField(NumberId - StackId, writer.Serializer.GetCodec<int>(), value.HResult);
        Exception[] causes = value is AggregateException all ? [.. all.InnerExceptions] : value.InnerException is { } inner ? [inner] : [];
        writer.WriteField(InnerId - NumberId, writer.Serializer.GetCodec<Exception[]>(), causes);
        if (State(ref writer, value) is { } state) writer.WriteField(StateId - InnerId, writer.Serializer.GetCodec<byte[]>(), state);
        writer.Leave();
        writer.WriteEnd();
    }

    public override T? Read(ref WireReader reader)
    {
        var mark = reader.ReadMark();
        if (mark == ObjectMark.Null) return null;
        if (mark != ObjectMark.Plain) throw reader.Wrong($"An exception is marked {mark}");
        reader.Enter();
        var parts = ReadParts(ref reader);
        var exception = Make(ref reader, parts);
        reader.Leave();
        exception.HResult = parts.Number;
        if (parts.Stack.Length > 0) ExceptionDispatchInfo.SetRemoteStackTrace(exception, parts.Stack);
        return exception as T ?? throw reader.Wrong($"A {exception.GetType()} is no {typeof(T)}");
    }

    private static Exception Make(ref WireReader reader, Parts parts)
    {
        var inner = parts.Causes is [{ } first, ..] ? first : null;
        if (parts.Name == typeof(AggregateException).FullName) return new AggregateException(parts.Message, parts.Causes.Select(Checked));
        if (parts.State is not { } state || reader.Serializer.ShapeOf(parts.Name) is not { } shape)
        {
            return inner is null ? new OrleansException($"{parts.Name}: {parts.Message}") : new OrleansException($"{parts.Name}: {parts.Message}", inner);
        }

        var fields = reader.Within(state);
        var exception = shape.Read(ref fields, parts.Message, inner);
        fields.End();

        // A constructor may have made a text of its own from what it was given.
        if (exception.Message != parts.Message) Message(exception) = parts.Message;
        if (exception.InnerException is null) Inner(exception) = inner;
        return exception;
    }

    private static Exception Checked(Exception? cause) => cause ?? throw new WireFormatException("One of an exception's causes is null.");

    private static Parts ReadParts(ref WireReader reader)
    {
        var parts = new Parts();
        var texts = reader.Serializer.GetCodec<string>();
        var key = 0UL;
        while (reader.NextField(ref key, out var kind))
        {
            switch (key)
            {
                case NameId:
                    parts.Name = reader.ReadField(texts, kind) ?? string.Empty;
                    break;
                case MessageId:
                    parts.Message = reader.ReadField(texts, kind) ?? string.Empty;
                    break;
                case StackId:
                    parts.Stack = reader.ReadField(texts, kind) ?? string.Empty;
                    break;
                case NumberId:
                    parts.Number = reader.ReadField(reader.Serializer.GetCodec<int>(), kind);
                    break;
                case InnerId:
                    parts.Causes = reader.ReadField(reader.Serializer.GetCodec<Exception[]>(), kind) ?? [];
                    break;
                case StateId:
                    parts.State = reader.ReadField(reader.Serializer.GetCodec<byte[]>(), kind);
                    break;
                default:
                    reader.Skip(kind);
                    break;
            }
        }

        return parts;
    }

    /// <summary>What the type's own shape writes; null where there is none, or where something of it cannot travel.</summary>
    private static byte[]? State(ref WireWriter writer, T value)
    {
        if (writer.Serializer.ShapeOf(value) is not { } shape) return null;
        var buffer = new ArrayBufferWriter<byte>();
        var state = writer.Into(buffer);
        try
        {
            shape.Write(ref state, value);
            state.Flush();
            return buffer.WrittenSpan.ToArray();
        }
        catch (CodecNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The message; without those of the causes, which an <see cref="AggregateException"/> adds to it.</summary>
    private static string OwnMessage(Exception exception) => exception is AggregateException ? Message(exception) ?? string.Empty : exception.Message;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_message")]
    private static extern ref string? Message(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerException")]
    private static extern ref Exception? Inner(Exception exception);

    private sealed class Parts
    {
        public string Name { get; set; } = string.Empty;

        public string Message { get; set; } = string.Empty;

        public string Stack { get; set; } = string.Empty;

        public int Number { get; set; }

        public Exception[] Causes { get; set; } = [];

        public byte[]? State { get; set; }
    }
}

/// <summary>The exceptions of the platform that keep their type.</summary>
internal static class PlatformExceptions
{
    internal static IEnumerable<ExceptionShape> All() =>
    [
        Of(static (message, inner) => new Exception(message, inner)),
        Of(static (message, inner) => new SystemException(message, inner)),
        Of(static (message, inner) => new ApplicationException(message, inner)),
        Of(static (message, inner) => new ArgumentException(message, inner)),
        Of(static (message, inner) => new ArgumentNullException(message, inner)),
        Of(static (message, inner) => new ArgumentOutOfRangeException(message, inner)),
        Of(static (message, inner) => new ArithmeticException(message, inner)),
        Of(static (message, inner) => new DivideByZeroException(message, inner)),
        Of(static (message, inner) => new OverflowException(message, inner)),
        Of(static (message, inner) => new FormatException(message, inner)),
        Of(static (message, inner) => new IndexOutOfRangeException(message, inner)),
        Of(static (message, inner) => new InvalidCastException(message, inner)),
        Of(static (message, inner) => new InvalidOperationException(message, inner)),
        Of(static (message, inner) => new ObjectDisposedException(message, inner)),
        Of(static (message, inner) => new NotImplementedException(message, inner)),
        Of(static (message, inner) => new NotSupportedException(message, inner)),
        Of(static (message, inner) => new NullReferenceException(message, inner)),
        Of(static (message, inner) => new OutOfMemoryException(message, inner)),
        Of(static (message, inner) => new TimeoutException(message, inner)),
        Of(static (message, inner) => new UnauthorizedAccessException(message, inner)),
        Of(static (message, inner) => new KeyNotFoundException(message, inner)),
        Of(static (message, inner) => new OperationCanceledException(message, inner)),
        Of(static (message, inner) => new TaskCanceledException(message, inner)),
        Of(static (message, inner) => new IOException(message, inner)),
        Of(static (message, inner) => new EndOfStreamException(message, inner)),
        Of(static (message, inner) => new FileNotFoundException(message, inner)),
        Of(static (message, inner) => new DirectoryNotFoundException(message, inner)),
        Of(static (message, inner) => new InvalidDataException(message, inner)),
        Of(static (message, inner) => new System.Text.Json.JsonException(message, inner)),
        Of(static (message, inner) => new HttpRequestException(message, inner)),
        Of(static (message, inner) => new System.ComponentModel.DataAnnotations.ValidationException(message, inner)),
        Of(static (message, inner) => new System.Security.SecurityException(message, inner)),
        Of(static (message, inner) => new System.Security.Cryptography.CryptographicException(message, inner)),
    ];

    private static PlainException<T> Of<T>(Func<string, Exception?, T> create)
        where T : Exception => new(create);
}
