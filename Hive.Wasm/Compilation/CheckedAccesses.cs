namespace Hive.Wasm;

/// <summary>
/// Which locals are known to hold addresses in bounds of the first memory, and how many bytes from them on. Bounded, because it
/// is copied at every branch.
/// </summary>
internal sealed class CheckedAccesses
{
    private const int Capacity = 12;

    private readonly List<(int Local, ulong End)> _known = [];

    /// <summary>Whether the bytes up to an end, counted from a local's address, are known to be in bounds.</summary>
    public bool Covers(int local, ulong end)
    {
        foreach (var known in _known)
        {
            if (known.Local == local) return known.End >= end;
        }

        return false;
    }

    public void Add(int local, ulong end)
    {
        Forget(local);
        if (_known.Count == Capacity) _known.RemoveAt(0);
        _known.Add((local, end));
    }

    public void Forget(int local)
    {
        for (var i = 0; i < _known.Count; i++)
        {
            if (_known[i].Local != local) continue;
            _known.RemoveAt(i);
            return;
        }
    }

    public CheckedAccesses Copy()
    {
        var copy = new CheckedAccesses();
        copy._known.AddRange(_known);
        return copy;
    }

    /// <summary>Forgets what is not known on another path too.</summary>
    public void KeepWhatIsIn(CheckedAccesses other)
    {
        for (var i = _known.Count - 1; i >= 0; i--)
        {
            if (!other.Covers(_known[i].Local, _known[i].End)) _known.RemoveAt(i);
        }
    }
}
