using System.Runtime.CompilerServices;
using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>
/// A call of a method that returns an async stream. The stream is made and advanced on the grain's own turns: each step is a call that may
/// interleave, and brings what the grain has ready, at most <see cref="Enumeration{TElement}.BatchSize"/> elements. Between processes the steps of one
/// enumeration find one another by its number.
/// </summary>
public abstract class EnumerableCall<TElement> : GrainCall
{
    internal sealed override bool IsSettled => false;

    internal sealed override Task? Completion => null;

    /// <summary>Calls the method on <paramref name="target"/>. Written by the generator.</summary>
    protected abstract IAsyncEnumerable<TElement> Invoke(object target);

    /// <summary>A call with the same arguments. Written by the generator.</summary>
    protected abstract EnumerableCall<TElement> Copy();

    internal sealed override bool TrySetException(Exception exception) => false;

    internal sealed override bool TrySetCanceled(CancellationToken token) => false;

    internal sealed override void WriteResult(ref WireWriter writer) => throw IsNoStep();

    internal sealed override void ReadResult(ref WireReader reader) => throw IsNoStep();

    internal sealed override Task SendAsync(GrainReference reference) => throw IsNoStep();

    internal sealed override void Execute(Activation activation) => throw IsNoStep();

    /// <summary>Reads a step of an enumeration in another process.</summary>
    internal sealed override GrainCall ReadBody(ref WireReader reader)
    {
        var step = (EnumerationStep)reader.ReadByte();
        var number = reader.Read<Guid>();
        switch (step)
        {
            case EnumerationStep.Begin:
                ReadArguments(ref reader);
                return new ReceivedNextCall<TElement>(number, this);
            case EnumerationStep.Next:
                return new ReceivedNextCall<TElement>(number, null);
            case EnumerationStep.End:
                return new ReceivedEndCall(number);
            default:
                throw reader.Wrong($"An enumeration has no step {(byte)step}");
        }
    }

    internal IAsyncEnumerable<TElement> InvokeOn(Activation activation) => Invoke(activation.Target);

    internal EnumerableCall<TElement> ForAnotherEnumeration() => Copy();

    internal async IAsyncEnumerable<TElement> EnumerateAsync(GrainReference reference, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(CallerToken, cancellationToken);
        await using var cancellation = ending.Token.UnsafeRegister(static call => ((GrainCall)call!).CancelCallee(), this);
        var enumeration = new Enumeration<TElement>(this);
        try
        {
            while (true)
            {
                var step = new NextCall<TElement>(enumeration, ending.Token);
                reference.Dispatch(step);
                var (elements, isLast) = await step.Task;
                if (isLast) enumeration.IsOpenElsewhere = false;
                foreach (var element in elements) yield return element;
                if (isLast) yield break;
            }
        }
        finally
        {
            // The stream ends with the caller's interest, whether it ran to its end, failed, or was left.
            if (enumeration.IsOpen || enumeration.IsOpenElsewhere)
            {
                CancelCallee();
                var end = new EndCall<TElement>(enumeration);
                end.ExpectCompletion();
                reference.Dispatch(end);
                await end.Task.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static NotSupportedException IsNoStep() => new("A stream is called step by step.");
}

/// <summary>An async stream of a grain; each enumeration calls the method anew.</summary>
internal sealed class GrainEnumerable<TElement>(GrainReference reference, EnumerableCall<TElement> call) : IAsyncEnumerable<TElement>
{
    private int _enumerations;

    public IAsyncEnumerator<TElement> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        // A call is used once, so every enumeration but the first has a copy.
        var own = Interlocked.Increment(ref _enumerations) == 1 ? call : call.ForAnotherEnumeration();
        return own.EnumerateAsync(reference, cancellationToken).GetAsyncEnumerator(cancellationToken);
    }
}
