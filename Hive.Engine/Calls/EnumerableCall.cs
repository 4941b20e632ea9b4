using System.Runtime.CompilerServices;
using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>
/// A call of a method that returns an async stream. The stream is made and advanced on the grain's own turns: each step is a call that may
/// interleave, and brings what the grain has ready without waiting, at most <see cref="BatchSize"/> elements.
/// </summary>
public abstract class EnumerableCall<TElement> : GrainCall
{
    private const int BatchSize = 100;

    private static readonly GrainMethod NextMethod =
        GrainMethod.Internal(nameof(IAsyncEnumerable<>), nameof(IAsyncEnumerator<>.MoveNextAsync), GrainMethodOptions.AlwaysInterleave);

    private static readonly GrainMethod EndMethod =
        GrainMethod.Internal(nameof(IAsyncEnumerable<>), nameof(IAsyncDisposable.DisposeAsync), GrainMethodOptions.AlwaysInterleave);

    internal sealed override bool IsSettled => false;

    internal sealed override Task? Completion => null;

    /// <summary>Calls the method on <paramref name="target"/>. Written by the generator.</summary>
    protected abstract IAsyncEnumerable<TElement> Invoke(object target);

    internal sealed override bool TrySetException(Exception exception) => false;

    internal sealed override bool TrySetCanceled(CancellationToken token) => false;

    internal sealed override void SetRemoteResult(object? result) => throw new NotSupportedException("A stream is called step by step.");

    internal sealed override void WriteResult(ref WireWriter writer) => throw new NotSupportedException("A stream is called step by step.");

    internal sealed override void ReadResult(ref WireReader reader) => throw new NotSupportedException("A stream is called step by step.");

    internal sealed override Task SendAsync(GrainReference reference) => throw new NotSupportedException("A stream is called step by step.");

    internal sealed override Task<object?> DispatchAsync(GrainReference reference) => throw new NotSupportedException("A stream is called step by step.");

    internal sealed override void Execute(Activation activation) => throw new NotSupportedException("A stream is called step by step.");

    internal EnumerableCall<TElement> Copy()
    {
        var copy = (EnumerableCall<TElement>)Method.CreateCall();
        for (var i = 0; i < Method.ParameterTypes.Count; i++) copy.SetArgument(i, GetArgument(i));
        return copy;
    }

    internal async IAsyncEnumerable<TElement> EnumerateAsync(GrainReference reference, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(CallerToken, cancellationToken);
        await using var cancellation = ending.Token.UnsafeRegister(static call => ((GrainCall)call!).CancelCallee(), this);
        var session = new Session(this, ending.Token);
        try
        {
            while (true)
            {
                var step = new NextCall(session);
                reference.Dispatch(step);
                var (elements, isLast) = await step.Task;
                foreach (var element in elements) yield return element;
                if (isLast) yield break;
            }
        }
        finally
        {
            // The stream ends with the caller's interest, whether it ran to its end, failed, or was left.
            if (session.IsOpen)
            {
                CancelCallee();
                var end = new EndCall(session);
                end.ExpectCompletion();
                reference.Dispatch(end);
                await end.Task.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>One enumeration at its grain. Touched by that grain's turns only.</summary>
    private sealed class Session(EnumerableCall<TElement> call, CancellationToken token) : IAsyncDisposable
    {
        private Activation? _activation;
        private IAsyncEnumerator<TElement>? _enumerator;
        private Task<bool>? _move;

        public bool IsOpen { get; private set; }

        public CancellationToken Token { get; } = token;

        public async ValueTask<(List<TElement> Elements, bool IsLast)> NextAsync(Activation activation)
        {
            if (_activation is null)
            {
                _activation = activation;
                _enumerator = call.Invoke(activation.Target).GetAsyncEnumerator(call.Abandoned);
                IsOpen = true;
                activation.Extras.Enumerations.Add(this);
            }
            else if (!ReferenceEquals(_activation, activation))
            {
                throw new EnumerationAbortedException($"{activation.GrainId} was deactivated before its stream {call.Method.MethodName} had ended.");
            }

            var elements = new List<TElement>();
            while (elements.Count < BatchSize)
            {
                var move = _move ??= _enumerator!.MoveNextAsync().AsTask();

                // What is ready goes out before what is not, or has failed.
                if (!move.IsCompletedSuccessfully && elements.Count > 0) break;
                var moved = await move;
                _move = null;
                if (!moved)
                {
                    await DisposeAsync();
                    return (elements, true);
                }

                elements.Add(_enumerator!.Current);
            }

            return (elements, false);
        }

        public async ValueTask DisposeAsync()
        {
            if (!IsOpen) return;
            IsOpen = false;
            _activation!.Extras.Enumerations.Remove(this);
            call.CancelCallee();
            try
            {
                // An iterator may not be disposed of while it moves; the cancelled token has told it to stop.
                if (_move is { } move) await move;
            }
            catch (Exception)
            {
                // Whoever asked for that element has been told.
            }

            await _enumerator!.DisposeAsync();
        }
    }

    private sealed class NextCall(Session session) : ResultCall<(List<TElement> Elements, bool IsLast)>
    {
        public override GrainMethod Method => NextMethod;

        public override object? GetArgument(int index) => NoSuchArgument(index);

        public override void SetArgument(int index, object? value) => NoSuchArgument(index);

        internal override ValueTask<(List<TElement> Elements, bool IsLast)> InvokeOn(Activation activation) => session.NextAsync(activation);

        protected override CancellationToken GetCallerToken() => session.Token;

        protected override ValueTask<(List<TElement> Elements, bool IsLast)> Invoke(object target) => throw new NotSupportedException();
    }

    private sealed class EndCall(Session session) : VoidCall
    {
        public override GrainMethod Method => EndMethod;

        public override object? GetArgument(int index) => NoSuchArgument(index);

        public override void SetArgument(int index, object? value) => NoSuchArgument(index);

        internal override ValueTask InvokeOn(Activation activation) => session.DisposeAsync();

        protected override ValueTask Invoke(object target) => default;
    }
}

/// <summary>An async stream of a grain; each enumeration calls the method anew.</summary>
internal sealed class GrainEnumerable<TElement>(GrainReference reference, EnumerableCall<TElement> call) : IAsyncEnumerable<TElement>
{
    private int _enumerations;

    public IAsyncEnumerator<TElement> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        // A call is used once, so every enumeration but the first has a copy.
        var own = Interlocked.Increment(ref _enumerations) == 1 ? call : call.Copy();
        return own.EnumerateAsync(reference, cancellationToken).GetAsyncEnumerator(cancellationToken);
    }
}
