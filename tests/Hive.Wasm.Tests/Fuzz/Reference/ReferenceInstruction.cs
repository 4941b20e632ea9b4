using Hive.Wasm.Text;

namespace Hive.Wasm.Tests.Fuzz.Reference;

/// <summary>One instruction with its immediates; for blocks, where the matching <c>else</c> and <c>end</c> lie.</summary>
internal sealed class ReferenceInstruction(string name)
{
    public string Name { get; } = name;

    public ImmediateKind Immediate { get; init; }

    /// <summary>The first index, label, constant or memory offset.</summary>
    public ulong A { get; set; }

    /// <summary>The second index.</summary>
    public ulong B { get; set; }

    public int Lane { get; set; }

    public UInt128 Vector { get; set; }

    public int[] Labels { get; set; } = [];

    public ReferenceType? BlockType { get; set; }

    /// <summary>The clauses of a <c>try_table</c>.</summary>
    public ReferenceCatch[] Catches { get; set; } = [];

    /// <summary>Position of the matching <c>else</c>, or of <c>end</c> where there is none.</summary>
    public int Else { get; set; }

    public int End { get; set; }

    public NumericOperation? Numeric { get; init; }

    public MemoryAccess? Access { get; init; }

    public override string ToString() => $"{Name} {A} {B}";
}

/// <summary>A clause of a <c>try_table</c>: what it catches, null for anything, whether it takes the exception too, and where it branches.</summary>
internal sealed record ReferenceCatch(int? Tag, bool TakesReference, int Label);

/// <summary>A load or store, as its mnemonic says.</summary>
/// <param name="Kind">The type of the value.</param>
/// <param name="IsStore">Whether it writes.</param>
/// <param name="Bits">The width of what is read or written, or of one element.</param>
/// <param name="Count">How many elements are read: more than one where a vector is widened.</param>
/// <param name="Signed">Whether elements are widened with their sign.</param>
/// <param name="Form">splat, zero or lane for vectors; otherwise empty.</param>
internal sealed record MemoryAccess(ValueKind Kind, bool IsStore, int Bits, int Count, bool Signed, string Form)
{
    public int Bytes => Bits * Count / 8;

    public static MemoryAccess? For(string mnemonic)
    {
        var dot = mnemonic.IndexOf('.', StringComparison.Ordinal);
        var name = dot < 0 ? "" : mnemonic[(dot + 1)..];
        var store = name.StartsWith("store", StringComparison.Ordinal);
        if (!store && !name.StartsWith("load", StringComparison.Ordinal))
        {
            return null;
        }

        var kind = Enum.Parse<ValueKind>(mnemonic[..dot], ignoreCase: true);
        var parts = name[(store ? 5 : 4)..].Split('_');
        var size = parts[0].Split('x');
        var natural = kind switch { ValueKind.V128 => 128, ValueKind.I64 or ValueKind.F64 => 64, _ => 32 };
        return new MemoryAccess(
            kind,
            store,
            size[0].Length > 0 ? int.Parse(size[0], System.Globalization.CultureInfo.InvariantCulture) : natural,
            size.Length > 1 ? int.Parse(size[1], System.Globalization.CultureInfo.InvariantCulture) : 1,
            parts is [_, "s"],
            parts is [_, "splat" or "zero" or "lane"] ? parts[1] : "");
    }
}
