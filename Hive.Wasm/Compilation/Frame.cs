using System.Reflection.Emit;

namespace Hive.Wasm;

/// <summary>A block being compiled. Values that a branch to it carries travel in temporaries of its own.</summary>
internal sealed class Frame
{
    public required byte Opcode { get; init; }
    public required int Height { get; init; }
    public required ValueType[] Start { get; init; }
    public required ValueType[] End { get; init; }
    public required Label Branch { get; init; }
    public required Temporary[] Carried { get; init; }
    public required TryScope? Scope { get; init; }
    public Label Else { get; init; }
    public Temporary[] Parameters { get; init; } = [];
    public CatchClause[] Catches { get; init; } = [];
    public bool IsBranchedTo { get; set; }

    /// <summary>Accesses that every branch to the end has checked; null before the first.</summary>
    public CheckedAccesses? CheckedAtEnd { get; set; }

    /// <summary>Accesses that were checked where an <c>if</c> parts.</summary>
    public CheckedAccesses? CheckedAtStart { get; init; }
}

/// <summary>A protected region of IL: it is left by <c>leave</c>, and its traps are thrown inside it.</summary>
internal sealed class TryScope(TryScope? parent)
{
    public TryScope? Parent => parent;
    public Dictionary<TrapCode, Label> Traps { get; } = [];
}

internal readonly record struct CatchClause(int Tag, bool WithReference, int Depth);
