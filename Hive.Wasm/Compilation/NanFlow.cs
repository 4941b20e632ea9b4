namespace Hive.Wasm;

/// <summary>
/// Finds the locals that only ever hold arithmetic results of one kind. Such a local may hold NaNs with arbitrary bits, so
/// that an accumulator in a loop need not be made canonical at each step.
/// </summary>
internal sealed class NanFlow(int locals, int parameters)
{
    /// <summary>Longer chains of copies are not followed: then every local keeps its bits.</summary>
    private const int MaxRounds = 16;

    private readonly byte[] _sources = new byte[locals];
    private readonly List<(int From, int To)> _copies = [];

    /// <summary>Notes an assignment to a local.</summary>
    public void Assign(int local, Node value)
    {
        if (value.NanSource >= 0) _copies.Add((value.NanSource, local));
        else if (value.Nan != NanState.Free) _sources[local] |= (byte)(1 << (int)value.Nan);
    }

    /// <summary>For each local the NaNs it may hold with arbitrary bits, or <see cref="NanState.Exact"/>.</summary>
    public NanState[] Solve()
    {
        var result = new NanState[locals];
        for (var i = parameters; i < locals; i++)
        {
            for (var state = NanState.F32; state <= NanState.F64x2; state++)
            {
                if (_sources[i] == 1 << (int)state) result[i] = state;
            }
        }

        var changed = true;
        for (var round = 0; changed; round++)
        {
            if (round == MaxRounds) return new NanState[locals];
            changed = false;
            foreach (var (from, to) in _copies)
            {
                if (result[to] == NanState.Exact || result[from] == result[to]) continue;
                result[to] = NanState.Exact;
                changed = true;
            }
        }

        return result;
    }
}
