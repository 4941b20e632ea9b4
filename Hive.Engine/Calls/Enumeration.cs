using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>An enumeration at its grain, whatever its elements are.</summary>
internal interface IEnumeration : IAsyncDisposable
{
    /// <summary>When it was last asked for elements, as a time stamp of its time provider; <see cref="long.MaxValue"/> while it is being asked.</summary>
    long AskedAt { get; }
}

/// <summary>One enumeration of an async stream of a grain. Where caller and grain share a process they share this; it is touched by the grain's turns only.</summary>
internal sealed class Enumeration<TElement>(EnumerableCall<TElement> call) : IEnumeration
{
    internal const int BatchSize = 100;

    private Activation? _activation;
    private IAsyncEnumerator<TElement>? _enumerator;
    private Task<bool>? _move;

    public long AskedAt { get; private set; }

    internal EnumerableCall<TElement> Call => call;

    /// <summary>What tells the steps of this enumeration between processes.</summary>
    internal Guid Number { get; } = Guid.NewGuid();

    internal bool IsOpen { get; private set; }

    /// <summary>Whether the grain was found in another process, and the stream there has not come to its end.</summary>
    internal bool IsOpenElsewhere { get; set; }

    internal bool HasBegun => _activation is not null;

    /// <summary>Gives what is ready, or the next element when it is; nothing at all when that takes too long, so that the caller sees that the grain lives.</summary>
    internal async ValueTask<(List<TElement> Elements, bool IsLast)> NextAsync(Activation activation, TimeSpan patience)
    {
        if (_activation is null)
        {
            _activation = activation;
            _enumerator = call.InvokeOn(activation).GetAsyncEnumerator(call.Abandoned);
            IsOpen = true;
            activation.Extras.Enumerations.Add(this);
        }
        else if (!ReferenceEquals(_activation, activation))
        {
            throw new EnumerationAbortedException($"{activation.GrainId} was deactivated before its stream {call.Method.MethodName} had ended.");
        }

        AskedAt = long.MaxValue;
        try
        {
            return await CollectAsync(patience);
        }
        finally
        {
            AskedAt = activation.Owner.Fabric.TimeProvider.GetTimestamp();
        }
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

    private async ValueTask<(List<TElement> Elements, bool IsLast)> CollectAsync(TimeSpan patience)
    {
        var elements = new List<TElement>();
        while (elements.Count < BatchSize)
        {
            var move = _move ??= _enumerator!.MoveNextAsync().AsTask();

            // What is ready goes out before what is not, or has failed.
            if (!move.IsCompletedSuccessfully && elements.Count > 0) break;
            if (!move.IsCompleted && !await IsDoneWithinAsync(move, patience)) break;
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

    private async Task<bool> IsDoneWithinAsync(Task move, TimeSpan patience)
    {
        using var done = new CancellationTokenSource();
        var elapsed = Task.Delay(patience, _activation!.Owner.Fabric.TimeProvider, done.Token);
        var first = await Task.WhenAny(move, elapsed);
        await done.CancelAsync();
        return ReferenceEquals(first, move);
    }
}
