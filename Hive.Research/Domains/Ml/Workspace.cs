using System.Collections.Concurrent;

namespace Hive.Research.Ml;

/// <summary>The memory of one training at a time.</summary>
internal sealed class Workspace
{
    /// <summary>The most characters that go through a model at once.</summary>
    public const int MaxRows = 256 + Corpus.MaxContext;

    /// <summary>What is trained.</summary>
    public VariableStore Parameters { get; } = new();

    /// <summary>What flows between layers.</summary>
    public VariableStore Signals { get; } = new();

    /// <summary>The optimiser's memory: as values the first moments, as gradients the second ones.</summary>
    public VariableStore Moments { get; } = new();

    /// <summary>The characters that go in, row after row.</summary>
    public byte[] Inputs { get; } = new byte[MaxRows * Corpus.MaxContext];

    /// <summary>The character that follows each row.</summary>
    public byte[] Targets { get; } = new byte[MaxRows];

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Parameters.Clear();
        Signals.Clear();
        Moments.Clear();
    }
}

/// <summary>Keeps workspaces for the next training, at most one a processor.</summary>
internal sealed class WorkspacePool
{
    private readonly ConcurrentBag<Workspace> _free = [];

    /// <summary>Takes a cleared workspace.</summary>
    public Workspace Rent()
    {
        if (!_free.TryTake(out var workspace)) return new Workspace();
        workspace.Clear();
        return workspace;
    }

    /// <summary>Gives a workspace back; it must not be used any more.</summary>
    /// <param name="workspace">The workspace.</param>
    public void Return(Workspace workspace)
    {
        if (_free.Count < Environment.ProcessorCount) _free.Add(workspace);
    }
}
