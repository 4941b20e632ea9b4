using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>What a message between processes asks of an enumeration.</summary>
internal enum EnumerationStep : byte
{
    /// <summary>To begin, with the arguments that follow, and to give its first elements.</summary>
    Begin,

    /// <summary>To give its next elements.</summary>
    Next,

    /// <summary>To end.</summary>
    End,
}

/// <summary>What the steps of enumerations have in common.</summary>
internal static class EnumerationSteps
{
    /// <summary>So many enumerations from other processes may be open at one activation.</summary>
    internal const int MostOpen = 1024;

    internal static readonly GrainMethod NextMethod =
        GrainMethod.Internal(nameof(IAsyncEnumerable<>), nameof(IAsyncEnumerator<>.MoveNextAsync), GrainMethodOptions.AlwaysInterleave);

    internal static readonly GrainMethod EndMethod =
        GrainMethod.Internal(nameof(IAsyncEnumerable<>), nameof(IAsyncDisposable.DisposeAsync), GrainMethodOptions.AlwaysInterleave);

    /// <summary>After so long without being asked, an enumeration from another process is taken to be forgotten.</summary>
    internal static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(10);

    /// <summary>How long a step waits for an element before it answers without one: well within what its caller waits for the step.</summary>
    internal static TimeSpan PatienceOf(GrainCall step) =>
        step.Timeout == Timeout.InfiniteTimeSpan || step.Timeout / 2 > MostPatience ? MostPatience : step.Timeout / 2;
}

/// <summary>Asks an enumeration for its next elements.</summary>
internal sealed class NextCall<TElement>(Enumeration<TElement> enumeration, CancellationToken token) : ResultCall<(List<TElement> Elements, bool IsLast)>
{
    public override GrainMethod Method => EnumerationSteps.NextMethod;

    internal override GrainMethod WireMethod => enumeration.Call.Method;

    internal override void WriteBody(ref WireWriter writer)
    {
        // One that began here, at an activation that is gone, is unknown there and so is told to be broken off.
        var begins = !enumeration.HasBegun && !enumeration.IsOpenElsewhere;
        writer.WriteByte((byte)(begins ? EnumerationStep.Begin : EnumerationStep.Next));
        writer.Write(enumeration.Number);
        if (begins) enumeration.Call.WriteArguments(ref writer);
        enumeration.IsOpenElsewhere = true;
    }

    internal override ValueTask<(List<TElement> Elements, bool IsLast)> InvokeOn(Activation activation) =>
        enumeration.NextAsync(activation, EnumerationSteps.PatienceOf(this));

    protected override CancellationToken GetCallerToken() => token;

    protected override ValueTask<(List<TElement> Elements, bool IsLast)> Invoke(object target) => throw new NotSupportedException();
}

/// <summary>Ends an enumeration.</summary>
internal sealed class EndCall<TElement>(Enumeration<TElement> enumeration) : VoidCall
{
    public override GrainMethod Method => EnumerationSteps.EndMethod;

    internal override GrainMethod WireMethod => enumeration.Call.Method;

    internal override void WriteBody(ref WireWriter writer)
    {
        writer.WriteByte((byte)EnumerationStep.End);
        writer.Write(enumeration.Number);
    }

    internal override ValueTask InvokeOn(Activation activation) => enumeration.DisposeAsync();

    protected override ValueTask Invoke(object target) => default;
}

/// <summary>A step that another process asked for.</summary>
/// <param name="number">Of which enumeration.</param>
/// <param name="beginning">The call that begins it; null if it has begun.</param>
internal sealed class ReceivedNextCall<TElement>(Guid number, EnumerableCall<TElement>? beginning) : ResultCall<(List<TElement> Elements, bool IsLast)>
{
    public override GrainMethod Method => EnumerationSteps.NextMethod;

    internal override ValueTask<(List<TElement> Elements, bool IsLast)> InvokeOn(Activation activation)
    {
        var open = ReceivedEnumerations.Of(activation);
        return beginning is null ? GoOnAsync(activation, open) : BeginAsync(activation, open, beginning);
    }

    protected override ValueTask<(List<TElement> Elements, bool IsLast)> Invoke(object target) => throw new NotSupportedException();

    private async ValueTask<(List<TElement> Elements, bool IsLast)> BeginAsync(
        Activation activation, Dictionary<Guid, IEnumeration> open, EnumerableCall<TElement> call)
    {
        await ReceivedEnumerations.EndForgottenAsync(activation, open);
        if (open.Count >= EnumerationSteps.MostOpen)
        {
            throw new LimitExceededException($"{activation.GrainId} has {open.Count} streams open to other processes; no more are begun.");
        }

        var enumeration = new Enumeration<TElement>(call);
        if (!open.TryAdd(number, enumeration)) throw new WireFormatException($"An enumeration {number} of {activation.GrainId} has begun already.");
        return await AskAsync(activation, open, enumeration);
    }

    private ValueTask<(List<TElement> Elements, bool IsLast)> GoOnAsync(Activation activation, Dictionary<Guid, IEnumeration> open) =>
        open.TryGetValue(number, out var enumeration) && enumeration is Enumeration<TElement> own
            ? AskAsync(activation, open, own)
            : throw new EnumerationAbortedException($"{activation.GrainId} was deactivated before its stream had ended, or nobody asked for the next element for long.");

    private async ValueTask<(List<TElement> Elements, bool IsLast)> AskAsync(
        Activation activation, Dictionary<Guid, IEnumeration> open, Enumeration<TElement> enumeration)
    {
        await using var cancellation = CalleeToken.UnsafeRegister(static call => ((GrainCall)call!).CancelCallee(), enumeration.Call);
        var (elements, isLast) = await enumeration.NextAsync(activation, EnumerationSteps.PatienceOf(this));
        if (isLast) open.Remove(number);
        return (elements, isLast);
    }
}

/// <summary>Another process ends an enumeration; one that has ended already is fine too.</summary>
internal sealed class ReceivedEndCall(Guid number) : VoidCall
{
    public override GrainMethod Method => EnumerationSteps.EndMethod;

    internal override ValueTask InvokeOn(Activation activation) =>
        ReceivedEnumerations.Of(activation).Remove(number, out var enumeration) ? enumeration.DisposeAsync() : default;

    protected override ValueTask Invoke(object target) => default;
}

/// <summary>The enumerations of an activation that callers in other processes have open, by their numbers; they end with it.</summary>
internal static class ReceivedEnumerations
{
    internal static Dictionary<Guid, IEnumeration> Of(Activation activation)
    {
        var components = activation.Extras.Components;
        if (components.TryGetValue(typeof(ReceivedEnumerations), out var existing)) return (Dictionary<Guid, IEnumeration>)existing;
        var enumerations = new Dictionary<Guid, IEnumeration>();
        components.Add(typeof(ReceivedEnumerations), enumerations);
        return enumerations;
    }

    internal static async ValueTask EndForgottenAsync(Activation activation, Dictionary<Guid, IEnumeration> open)
    {
        var time = activation.Owner.Fabric.TimeProvider;
        var forgotten = open.Where(one => one.Value.AskedAt != long.MaxValue && time.GetElapsedTime(one.Value.AskedAt) > EnumerationSteps.ForgottenAfter).ToList();
        foreach (var (number, enumeration) in forgotten)
        {
            open.Remove(number);
            await enumeration.DisposeAsync();
        }
    }
}
