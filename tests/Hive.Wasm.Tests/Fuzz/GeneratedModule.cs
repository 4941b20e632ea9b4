using System.Globalization;
using System.Text;

namespace Hive.Wasm.Tests.Fuzz;

/// <summary>The signature of a generated function.</summary>
internal sealed record GeneratedType(ValueKind[] Parameters, ValueKind[] Results);

/// <summary>
/// A random valid module as text, the same for the same seed. Its functions always end: every call and every turn of a loop burns
/// one unit of a counter kept in global 0, and traps when it is used up. Most instructions that may trap are guarded so that they do not.
/// </summary>
internal sealed class GeneratedModule
{
    /// <summary>Calls and turns of loops that one instance may make.</summary>
    public const int Turns = 400;

    /// <summary>The export that sets the counter back.</summary>
    public const string Refill = "refill";

    public const int MemoryPages = 1, MostMemoryPages = 3;

    private static readonly ValueKind[] Numbers = [ValueKind.I32, ValueKind.I64, ValueKind.F32, ValueKind.F64, ValueKind.V128];

    private readonly StringBuilder _text = new();

    public GeneratedModule(int seed)
    {
        Random = new Random(seed);
        Types = [.. Enumerable.Range(0, Random.Next(3, 7)).Select(_ => RandomType())];
        Imports = [.. Enumerable.Range(0, Random.Next(0, 3)).Select(_ => new GeneratedType(Kinds(4, Numbers), Kinds(3, Numbers)))];
        Functions = [.. Imports, .. Enumerable.Range(0, Random.Next(2, 7)).Select(_ => Pick(Types))];
        Globals = [ValueKind.I32, .. Numbers, .. Enumerable.Range(0, Random.Next(0, 4)).Select(_ => RandomKind())];
        Tags = [[], Kinds(3, Numbers), Kinds(2, Numbers)];
        Tables = [ValueKind.FuncRef, ValueKind.FuncRef, ValueKind.ExternRef];
        Text = Write();
    }

    public string Text { get; }

    public Random Random { get; }

    public IReadOnlyList<GeneratedType> Types { get; }

    public IReadOnlyList<GeneratedType> Imports { get; }

    /// <summary>All functions, imported ones first; number n is exported as <c>fn</c>.</summary>
    public IReadOnlyList<GeneratedType> Functions { get; }

    /// <summary>The kinds of the globals, all mutable and exported as <c>gn</c>.</summary>
    public IReadOnlyList<ValueKind> Globals { get; }

    /// <summary>What exceptions of each tag carry; exported as <c>en</c>.</summary>
    public IReadOnlyList<ValueKind[]> Tags { get; }

    /// <summary>The kinds of the tables, exported as <c>tn</c>.</summary>
    public IReadOnlyList<ValueKind> Tables { get; }

    public int ElementSegments => 3;

    public int DataSegments => 3;

    public static string Name(ValueKind kind) => kind.ToString().ToLowerInvariant();

    public static string Block(GeneratedType type) => List("param", type.Parameters) + List("result", type.Results);

    public T Pick<T>(IReadOnlyList<T> items) => items[Random.Next(items.Count)];

    public bool Chance(int percent) => Random.Next(100) < percent;

    public ValueKind RandomKind() => Chance(92) ? Pick(Numbers) : Chance(60) ? ValueKind.FuncRef : ValueKind.ExternRef;

    public ValueKind[] Kinds(int most, IReadOnlyList<ValueKind>? among = null) =>
        [.. Enumerable.Range(0, Random.Next(most + 1)).Select(_ => among is null ? RandomKind() : Pick(among))];

    private static string List(string word, ValueKind[] kinds) => kinds.Length == 0 ? "" : $" ({word} {string.Join(' ', kinds.Select(Name))})";

    private GeneratedType RandomType() => new(Kinds(4), Kinds(3));

    private string Write()
    {
        Line("(module");
        for (var i = 0; i < Imports.Count; i++)
        {
            Line($"(import \"host\" \"h{i}\" (func{Block(Imports[i])}))");
        }

        Line($"(memory (export \"m\") {MemoryPages} {MostMemoryPages})");
        Line("(table (export \"t0\") 12 20 funcref) (table (export \"t1\") 5 funcref) (table (export \"t2\") 3 6 externref)");
        for (var i = 0; i < Globals.Count; i++)
        {
            var initial = i == 0 ? $"i32.const {Turns}" : Constants.Text(Globals[i], Random);
            Line($"(global (export \"g{i}\") (mut {Name(Globals[i])}) ({initial}))");
        }

        Line(string.Concat(Tags.Select((kinds, i) => $"(tag (export \"e{i}\"){List("param", kinds)})")));
        Line($"(elem (table 0) (i32.const {Random.Next(4)}) func{Indices(7)})");
        Line($"(elem funcref{string.Concat(Indices(5).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(i => $" (ref.func {i}) (ref.null func)"))})");
        Line($"(elem declare func{string.Concat(Enumerable.Range(0, Functions.Count).Select(i => $" {i}"))})");
        Line($"(data (i32.const {Random.Next(60_000)}) \"{Bytes(300)}\") (data \"{Bytes(80)}\") (data \"{Bytes(8)}\")");
        for (var i = Imports.Count; i < Functions.Count; i++)
        {
            Line($"(func (export \"f{i}\"){Block(Functions[i])}");
            Line(new GeneratedFunction(this, Functions[i]).Text);
            Line(")");
        }

        Line($"(func (export \"{Refill}\") (global.set 0 (i32.const {Turns})))");
        Line(")");
        return _text.ToString();
    }

    private void Line(string text) => _text.Append(text).Append('\n');

    private string Indices(int most) => string.Concat(Enumerable.Range(0, Random.Next(1, most + 1)).Select(_ => $" {Random.Next(Functions.Count)}"));

    private string Bytes(int most) =>
        string.Concat(Enumerable.Range(0, Random.Next(most + 1)).Select(_ => string.Create(CultureInfo.InvariantCulture, $"\\{Random.Next(256):x2}")));
}
