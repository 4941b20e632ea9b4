using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>
/// The call could never have run: it waited for a grain that itself, by way of other calls, waited for this one. The message names the whole chain.
/// </summary>
public sealed class GrainDeadlockException : OrleansException
{
    internal GrainDeadlockException(IReadOnlyList<string> chain)
        : base($"Deadlock: {string.Join(" waits for ", chain)}. Mark a grain [Reentrant] or a method [AlwaysInterleave], or do not await the call.") =>
        Chain = chain;

    /// <summary>The calls, each as <c>grain.method</c>, each waiting for the next; the last is the first again.</summary>
    public IReadOnlyList<string> Chain { get; }
}
