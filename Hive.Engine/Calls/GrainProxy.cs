using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>A grain and the origin of a reference to it. Handed through generated code.</summary>
public readonly struct GrainBinding
{
    internal GrainBinding(ReferenceOrigin origin, GrainId grainId)
    {
        Origin = origin;
        GrainId = grainId;
    }

    internal ReferenceOrigin Origin { get; }

    internal GrainId GrainId { get; }
}

/// <summary>What all references of one member by one interface share.</summary>
internal sealed record ReferenceOrigin(FabricMember Member, string InterfaceName);

/// <summary>The base of generated references: turns method calls into <see cref="GrainCall"/>s and sends them.</summary>
public abstract class GrainProxy : GrainReference
{
    /// <summary>Binds the reference.</summary>
    protected GrainProxy(GrainBinding binding)
        : base(binding)
    {
    }

    /// <summary>Sends a call that has a result.</summary>
    protected Task<TResult> Call<TResult>(ResultCall<TResult> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        Dispatch(call);
        return call.Task;
    }

    /// <summary>Sends a call that has no result.</summary>
    protected Task Call(VoidCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.ExpectCompletion();
        Dispatch(call);
        return call.Task;
    }

    /// <summary>Sends a call that nobody waits for.</summary>
    protected Task CallOneWay(VoidCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        Dispatch(call);
        return Task.CompletedTask;
    }

    /// <summary>Gives a stream whose elements the grain makes as they are asked for.</summary>
    protected IAsyncEnumerable<TElement> Enumerate<TElement>(EnumerableCall<TElement> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return new GrainEnumerable<TElement>(this, call);
    }
}
