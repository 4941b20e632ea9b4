using System.Reflection.Emit;
using System.Runtime.Intrinsics;

namespace Hive.Wasm;

/// <summary>An IL local that holds an operand.</summary>
internal sealed class Temporary(LocalBuilder local, ValueKind kind)
{
    public LocalBuilder Local => local;
    public ValueKind Kind => kind;
}

/// <summary>
/// Hands out IL locals. New ones are preferred while there are few, because the JIT optimises a local with one assignment
/// best; after that they are used again, because it optimises only the first thousand.
/// </summary>
internal sealed class Temporaries(ILGenerator il)
{
    private const int PreferNew = 160;

    private readonly Dictionary<ValueKind, Queue<Temporary>> _free = [];
    private int _count;

    public Temporary Take(ValueKind kind)
    {
        kind = Normal(kind);
        if (_count >= PreferNew && _free.TryGetValue(kind, out var free) && free.TryDequeue(out var known)) return known;
        _count++;
        return new Temporary(il.DeclareLocal(ClrType(kind)), kind);
    }

    public void Release(Temporary temporary)
    {
        if (!_free.TryGetValue(temporary.Kind, out var free)) _free[temporary.Kind] = free = new();
        free.Enqueue(temporary);
    }

    public static Type ClrType(ValueKind kind) => kind switch
    {
        ValueKind.I32 => typeof(int),
        ValueKind.I64 => typeof(long),
        ValueKind.F32 => typeof(float),
        ValueKind.F64 => typeof(double),
        ValueKind.V128 => typeof(Vector128<byte>),
        _ => typeof(object),
    };

    private static ValueKind Normal(ValueKind kind) => kind >= ValueKind.FuncRef ? ValueKind.ExternRef : kind;
}
