namespace Hive.Wasm.Spec;

internal enum ScriptType
{
    I32,
    I64,
    F32,
    F64,
    V128,
    NullReference,
    HostReference,

    /// <summary>A function reference that the script cannot name, only recognise.</summary>
    FunctionReference,

    /// <summary>A reference of the garbage collection proposal.</summary>
    CollectedReference,
}

/// <summary>A value in a script. Numbers are bit patterns in <paramref name="Low"/>; a vector has its upper half in <paramref name="High"/>.</summary>
/// <param name="Type">The type of the value.</param>
/// <param name="Low">The bits of a number, the lower half of a vector, or the number of a host reference.</param>
/// <param name="High">The upper half of a vector.</param>
/// <param name="HeapType">The heap type after <c>ref.null</c>; empty where left out.</param>
internal sealed record ScriptValue(ScriptType Type, ulong Low, ulong High = 0, string HeapType = "");

/// <summary>What a result must be.</summary>
internal abstract record ValuePattern;

/// <summary>Exactly this value. A host reference without number stands for any non-null one, and so for functions.</summary>
internal sealed record ExactPattern(ScriptValue Value, bool AnyReference = false) : ValuePattern;

/// <summary>How one lane, or a float, is compared.</summary>
internal enum LaneRule
{
    Bits,
    CanonicalNan,
    ArithmeticNan,
}

/// <summary>A float, or a vector lane by lane; each lane is a bit pattern or a class of NaN.</summary>
/// <param name="Type">The type of the whole value.</param>
/// <param name="LaneBits">The width of a lane in bits.</param>
/// <param name="IsFloat">Whether lanes are floats, of which some are classes of NaN.</param>
/// <param name="Lanes">The rule and the bits of each lane, lowest first.</param>
internal sealed record LanePattern(ScriptType Type, int LaneBits, bool IsFloat, IReadOnlyList<(LaneRule Rule, ulong Bits)> Lanes) : ValuePattern
{
    public bool Fits(ulong low, ulong high)
    {
        var perHalf = 64 / LaneBits;
        var mask = ulong.MaxValue >> (64 - LaneBits);
        for (var i = 0; i < Lanes.Count; i++)
        {
            var actual = ((i < perHalf ? low : high) >> (i % perHalf * LaneBits)) & mask;
            if (!LaneFits(Lanes[i], actual))
            {
                return false;
            }
        }

        return true;
    }

    // The classes of NaN: "arithmetic" has the quiet bit set, "canonical" has no other payload bit.
    private bool LaneFits((LaneRule Rule, ulong Bits) lane, ulong actual)
    {
        if (lane.Rule == LaneRule.Bits)
        {
            return actual == lane.Bits;
        }

        var quiet = LaneBits == 32 ? 0x7FC0_0000UL : 0x7FF8_0000_0000_0000UL;
        var withoutSign = actual & (ulong.MaxValue >> (65 - LaneBits));
        return lane.Rule == LaneRule.CanonicalNan ? withoutSign == quiet : (withoutSign & quiet) == quiet;
    }
}

/// <summary>Any of several patterns.</summary>
internal sealed record EitherPattern(IReadOnlyList<ValuePattern> Choices) : ValuePattern;
