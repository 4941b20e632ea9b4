using Hive.Brains.Wire;
using Microsoft.Extensions.AI;

namespace Hive.Brains.Calls;

/// <summary>
/// Reads an answer, whole or piece by piece, as the server sends it: one JSON object, or a stream of events. Servers do not always do as they were asked, so the first
/// byte decides.
/// </summary>
internal sealed class Answer(Exchange exchange, Faults faults)
{
    private readonly DeltaReader _deltas = new();
    private readonly EventLines _events = new();
    private Queue<ChatResponseUpdate>? _pieces;
    private bool? _isWhole;
    private bool _isOver;

    /// <summary>Reads the whole answer.</summary>
    /// <exception cref="BrainException">It is broken in some way.</exception>
    public async ValueTask<ChatResponse> ReadAsync()
    {
        if (await IsWholeAsync().ConfigureAwait(false))
        {
            return await ReadWholeAsync().ConfigureAwait(false);
        }

        var updates = new List<ChatResponseUpdate>();
        while (await NextDeltaAsync().ConfigureAwait(false) is { } update)
        {
            updates.Add(update);
        }

        return updates.ToChatResponse();
    }

    /// <summary>Reads the next piece of the answer; absent at its end.</summary>
    /// <exception cref="BrainException">It is broken in some way.</exception>
    public async ValueTask<ChatResponseUpdate?> NextAsync()
    {
        if (!await IsWholeAsync().ConfigureAwait(false))
        {
            return await NextDeltaAsync().ConfigureAwait(false);
        }

        _pieces ??= new Queue<ChatResponseUpdate>((await ReadWholeAsync().ConfigureAwait(false)).ToChatResponseUpdates());
        return _pieces.TryDequeue(out var piece) ? piece : null;
    }

    private async ValueTask<bool> IsWholeAsync()
    {
        while (_isWhole is null)
        {
            var begun = exchange.Unread.Span.TrimStart(" \t\r\n"u8);
            if (begun.Length > 0)
            {
                _isWhole = begun[0] == '{';
            }
            else if (!await exchange.ReadMoreAsync(mayStall: true).ConfigureAwait(false))
            {
                throw faults.Malformed("the answer is empty");
            }
        }

        return _isWhole.Value;
    }

    private async ValueTask<ChatResponse> ReadWholeAsync()
    {
        while (await exchange.ReadMoreAsync(mayStall: true).ConfigureAwait(false))
        {
        }

        return Told(() => ReplyReader.Read(exchange.Unread));
    }

    private async ValueTask<ChatResponseUpdate?> NextDeltaAsync()
    {
        while (!_isOver)
        {
            var unread = exchange.Unread;
            if (_events.TryTake(ref unread, out var data))
            {
                var update = Told(() => _deltas.Read(data));
                exchange.TakeAllBut(unread.Length);
                if (_deltas.IsDone)
                {
                    return End();
                }

                if (update is not null)
                {
                    return update;
                }
            }
            else
            {
                exchange.TakeAllBut(unread.Length);
                if (!await exchange.ReadMoreAsync(mayStall: !_deltas.HasBegun).ConfigureAwait(false))
                {
                    return Last();
                }
            }
        }

        return null;
    }

    /// <summary>The connection ended. That is an answer's end where the model had said so, or says so in a last event without its empty line.</summary>
    private ChatResponseUpdate? Last()
    {
        var update = _events.TryTakeLast(exchange.Unread.Span, out var data) ? TryRead(data) : null;
        exchange.TakeAllBut(0);
        if (!_deltas.IsComplete)
        {
            throw faults.CutOff();
        }

        return update ?? End();
    }

    private ChatResponseUpdate? TryRead(ReadOnlyMemory<byte> data)
    {
        try
        {
            return _deltas.Read(data);
        }
        catch (FormatException)
        {
            // Half an event: the answer was cut there.
            return null;
        }
        catch (ServerErrorException e)
        {
            throw faults.Broken(e);
        }
    }

    private ChatResponseUpdate? End()
    {
        _isOver = true;
        return _deltas.HasBegun ? Told(_deltas.ToolCalls) : throw faults.Malformed("the answer ended before it began");
    }

    private T Told<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException e)
        {
            throw faults.Malformed(e.Message, e);
        }
        catch (ServerErrorException e)
        {
            throw faults.Broken(e);
        }
    }
}
