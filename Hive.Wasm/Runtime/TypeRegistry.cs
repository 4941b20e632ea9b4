using System.Text;

namespace Hive.Wasm;

/// <summary>
/// Makes types canonical: recursion groups that say the same are one group, so types compare by identity. It refers to
/// groups weakly, so what no module uses is forgotten.
/// </summary>
internal sealed class TypeRegistry
{
    private const int SweepInterval = 4096;

    private readonly Dictionary<string, WeakReference<FunctionType[]>> _groups = [];
    private long _lastId;
    private int _sinceSweep;

    /// <summary>The canonical type with these parameters and results.</summary>
    public FunctionType Intern(ValueType[] parameters, ValueType[] results)
    {
        var type = NewType();
        type.ParameterArray = parameters;
        type.ResultArray = results;
        return Intern([type])[0];
    }

    /// <summary>A type to be filled in and interned; types of one group may refer to each other.</summary>
    public FunctionType NewType() => new(Interlocked.Increment(ref _lastId));

    /// <summary>The canonical group that says the same as the given one.</summary>
    public FunctionType[] Intern(FunctionType[] group)
    {
        foreach (var type in group) type.Group = group;
        var key = KeyOf(group);
        lock (_groups)
        {
            if (_groups.TryGetValue(key, out var known) && known.TryGetTarget(out var canonical)) return canonical;
            if (++_sinceSweep >= SweepInterval) Sweep();
            _groups[key] = new WeakReference<FunctionType[]>(group);
            return group;
        }
    }

    private void Sweep()
    {
        _sinceSweep = 0;
        foreach (var (key, reference) in _groups)
        {
            if (!reference.TryGetTarget(out _)) _groups.Remove(key);
        }
    }

    /// <summary>The group written so that equal groups, and only those, have equal text: members by position, others by identity.</summary>
    private static string KeyOf(FunctionType[] group)
    {
        var key = new StringBuilder();
        foreach (var type in group)
        {
            key.Append(type.IsFinal ? 'f' : 'o');
            if (type.Supertype is { } supertype) AppendReference(key, group, supertype);
            key.Append('(');
            foreach (var parameter in type.ParameterArray) Append(key, group, parameter);
            key.Append(')');
            foreach (var result in type.ResultArray) Append(key, group, result);
            key.Append(';');
        }

        return key.ToString();
    }

    private static void Append(StringBuilder key, FunctionType[] group, ValueType type)
    {
        key.Append((char)('A' + (int)type.Kind)).Append((char)('a' + (int)type.Heap));
        if (type.IsNullable) key.Append('?');
        if (type.Function is { } function) AppendReference(key, group, function);
    }

    private static void AppendReference(StringBuilder key, FunctionType[] group, FunctionType type)
    {
        if (ReferenceEquals(type.Group, group) || type.Group is null) key.Append('.').Append(Array.IndexOf(group, type));
        else key.Append('#').Append(type.Id);
        key.Append('/');
    }
}
