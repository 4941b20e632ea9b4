using FsCheck.Fluent;
using Hive.Engine.Generator;
using Hive.Engine.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;

namespace Hive.Engine.Tests.Embedded;

[Alias("named")]
public interface IAliased : IGrainWithIntegerKey
{
    [Alias("method")]
    Task<int> LongName(string text, int number, CancellationToken token);

    [ReadOnly, AlwaysInterleave, ResponseTimeout("00:01:00")]
    ValueTask Plain();
}

public sealed class AliasedGrain : Grain, IAliased
{
    public Task<int> LongName(string text, int number, CancellationToken token) => Task.FromResult(text.Length + number);

    public ValueTask Plain() => default;
}

public sealed class GeneratorTests
{
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !path.EndsWith("Hive.Engine.Tests.dll", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    [Fact]
    public void What_the_engine_cannot_serve_is_an_error_where_it_is_written() => Property.ForAll(
        Gen.Elements(
            "Task Generic<T>();", "Task<int> ByReference(ref int x);", "int NotATask();", "int Property { get; }", "event System.Action Event;",
            "[Orleans.Concurrency.OneWay] Task<int> OneWayResult();"), 12, unfit =>
        {
            var problems = Problems($"public interface IGood : IGrainWithStringKey {{ Task Fit(); }} public interface IBad : IGrainWithStringKey {{ Task Fit(); {unfit} }}");
            var problem = Assert.Single(problems);
            Assert.Equal("HIVEGRAIN001", problem.Id);
            Assert.Contains("IBad", problem.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
            return Task.CompletedTask;
        });

    [Theory]
    [InlineData("public interface IA<T> : IGrainWithStringKey { Task Fit(); }", "HIVEGRAIN001")]
    [InlineData("public class Outer { private interface IA : IGrainWithStringKey { Task Fit(); } }", "HIVEGRAIN001")]
    [InlineData("public interface IA : IGrainWithStringKey { } public class A<T> : Grain, IA { }", "HIVEGRAIN002")]
    [InlineData("public interface IA : IGrainWithStringKey { } public class Outer { private class A : Grain, IA { } }", "HIVEGRAIN002")]
    [InlineData("public interface IA : IGrainWithStringKey { } public class A : Grain, IA { private A() { } }", "HIVEGRAIN002")]
    [InlineData("[GenerateSerializer] public record A<T>([property: Id(0)] T Value);", "HIVEGRAIN003")]
    [InlineData("[GenerateSerializer] public record A(int Value);", "HIVEGRAIN003")]
    [InlineData("[GenerateSerializer] public class A { [Id(0)] public int B { get; set; } [Id(0)] public int C { get; set; } }", "HIVEGRAIN003")]
    [InlineData("[GenerateSerializer] public class A(int other) { [Id(0)] public int B { get; set; } = other; }", "HIVEGRAIN003")]
    [InlineData("[GenerateSerializer] public class A { [Id(0)] public int B => 1; }", "HIVEGRAIN003")]
    [InlineData("public class Outer { [GenerateSerializer] private record A([property: Id(0)] int Value); }", "HIVEGRAIN003")]
    public void A_type_that_the_engine_cannot_serve_is_an_error(string source, string id) => Assert.Equal([id], Problems(source).Select(problem => problem.Id));

    [Fact]
    public void What_is_written_compiles() => Assert.Empty(Problems(
        """
        public interface IBase : IGrainWithStringKey { Task<int> Inherited(int[] @class, string? text = null); }
        public interface IA : IBase
        {
            ValueTask<(int A, string? B)> Tuple(System.Collections.Generic.Dictionary<string, int?> map);
            System.Collections.Generic.IAsyncEnumerable<string> Stream(System.Threading.CancellationToken token);
            Task Overloaded(int x);
            Task Overloaded(string x);
        }
        public partial class A(System.IServiceProvider services, IGrainFactory factory) : Grain, IA
        {
            public Task<int> Inherited(int[] @class, string? text) => Task.FromResult(0);
            public ValueTask<(int A, string? B)> Tuple(System.Collections.Generic.Dictionary<string, int?> map) => default;
            public System.Collections.Generic.IAsyncEnumerable<string> Stream(System.Threading.CancellationToken token) => null!;
            public Task Overloaded(int x) => Task.CompletedTask;
            public Task Overloaded(string x) => Task.CompletedTask;
        }
        public partial class A { }
        [GenerateSerializer] public abstract record Animal([property: Id(0)] string Name, [property: Id(1)] int[]? Numbers = null);
        [GenerateSerializer] public sealed record Cat(string Name, [property: Id(0)] System.DayOfWeek @class = System.DayOfWeek.Monday) : Animal(Name);
        [GenerateSerializer] public struct Point { [Id(0)] private int _x; [Id(1)] public readonly int Y; [Id(2)] public string? Text { get; private set; } }
        [GenerateSerializer] public sealed class Own { [Id(0)] public required Cat Pet { get; init; } [Id(1)] internal Point At { get; } }
        [GenerateSerializer] public enum Colour { Red }
        public sealed class OwnException(System.Collections.Generic.IReadOnlyList<int> numbers, string message, System.Exception? inner) : System.Exception(message, inner)
        {
            public System.Collections.Generic.IReadOnlyList<int> Numbers { get; } = numbers;
        }
        """));

    [Fact]
    public async Task A_method_has_a_name_and_a_number_that_do_not_depend_on_the_source()
    {
        await using var cluster = await TestClusters.StartAsync();
        var manifest = cluster.GetSiloServiceProvider().GetRequiredService<GrainManifest>();
        var methods = manifest.MethodsByWireId.Values.ToDictionary(method => method.Id);
        var named = methods["named.method(System.String,System.Int32,System.Threading.CancellationToken)"];
        Assert.Same(named, manifest.MethodsByWireId[named.WireId]);
        Assert.Equal(NumberOf(named.Id), named.WireId);

        var plain = methods["named.Plain()"];
        Assert.Equal(GrainMethodOptions.ReadOnly | GrainMethodOptions.AlwaysInterleave, plain.Options);
        Assert.Equal(TimeSpan.FromMinutes(1), plain.ResponseTimeout);
    }

    private static ulong NumberOf(string id) => BitConverter.ToUInt64(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(id)));

    /// <summary>What the generator says of a source, and what the compiler says of the two together.</summary>
    private static List<Diagnostic> Problems(string source)
    {
        const string Usings = "#nullable enable\nusing System.Threading.Tasks; using Orleans; using Orleans.Runtime;\n";
        var compilation = CSharpCompilation.Create(
            "Sample", [CSharpSyntaxTree.ParseText(Usings + source)], References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        CSharpGeneratorDriver.Create(new GrainGenerator()).RunGeneratorsAndUpdateCompilation(compilation, out var written, out var reported);
        return [.. reported, .. written.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
    }
}
