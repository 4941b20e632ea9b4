using System.Buffers;
using System.Net;
using Hive.Brains.Configuration;

namespace Hive.Brains.Calls;

/// <summary>
/// One request and what comes back, on one connection. When the caller gives up, or time is up, the connection is closed, so that the server can stop its work.
/// </summary>
internal sealed class Exchange : IDisposable
{
    private const int FirstBuffer = 8 << 10;
    private const int MaxErrorBytes = 8 << 10;

    private readonly BrainEntry _brain;
    private readonly Faults _faults;
    private readonly TimeProvider _time;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _patience;
    private readonly CancellationTokenSource _stop;
    private readonly int _maxBytes;
    private readonly long _begun;
    private HttpResponseMessage? _response;
    private Stream? _body;
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private long _read;
    private bool _isStallBound;

    private Exchange(BrainEntry brain, Faults faults, int maxBytes, TimeProvider time, CancellationToken caller)
    {
        (_brain, _faults, _maxBytes, _time, _caller) = (brain, faults, maxBytes, time, caller);
        _begun = time.GetTimestamp();
        _patience = new CancellationTokenSource(brain.Timeout, time);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(_patience.Token, caller);
    }

    /// <summary>The answer's status.</summary>
    public HttpStatusCode Status => _response!.StatusCode;

    /// <summary>What the header <c>Retry-After</c> says; absent where it is missing.</summary>
    public string? RetryAfterText => _response!.Headers.NonValidated.TryGetValues("Retry-After", out var values) ? values.ToString() : null;

    /// <summary>What was read and not yet taken.</summary>
    public ReadOnlyMemory<byte> Unread => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Sends a request; completes when the answer's head is there.</summary>
    /// <exception cref="BrainException">It did not get through, or there was no answer in time.</exception>
    public static async Task<Exchange> SendAsync(
        HttpClient http, HttpRequestMessage request, BrainEntry brain, Faults faults, int maxBytes, TimeProvider time, CancellationToken caller)
    {
        var exchange = new Exchange(brain, faults, maxBytes, time, caller);
        try
        {
            await exchange.SendAsync(http, request).ConfigureAwait(false);
            return exchange;
        }
        catch
        {
            exchange.Dispose();
            throw;
        }
    }

    /// <summary>Takes bytes from the front of what was read.</summary>
    /// <param name="left">How many are left.</param>
    public void TakeAllBut(int left) => _start = _end - left;

    /// <summary>Reads on.</summary>
    /// <param name="mayStall">Whether a long pause is put up with, up to the bound of the whole answer.</param>
    /// <returns>Whether there was more; false at the answer's end.</returns>
    /// <exception cref="BrainException">The answer stalled, took too long, broke off or is too large.</exception>
    public async ValueTask<bool> ReadMoreAsync(bool mayStall)
    {
        try
        {
            _body ??= await _response!.Content.ReadAsStreamAsync(_stop.Token).ConfigureAwait(false);
            MakeRoom();
            if (!mayStall)
            {
                var left = _brain.Timeout - _time.GetElapsedTime(_begun);
                _isStallBound = _brain.StallTimeout < left;
                _patience.CancelAfter(_isStallBound ? _brain.StallTimeout : left > TimeSpan.Zero ? left : TimeSpan.Zero);
            }

            var length = await _body.ReadAsync(_buffer.AsMemory(_end), _stop.Token).ConfigureAwait(false);
            _end += length;
            _read += length;
            return _read <= _maxBytes ? length > 0 : throw _faults.Malformed($"the answer has more than {_maxBytes:N0} bytes");
        }
        catch (OperationCanceledException)
        {
            _caller.ThrowIfCancellationRequested();
            throw _isStallBound
                ? _faults.TimedOut($"the answer paused for more than {_brain.StallTimeout.TotalSeconds:0.###} s (\"stallSeconds\")")
                : TooSlow();
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw _faults.CutOff(e);
        }
    }

    /// <summary>The beginning of an answer that refuses, as far as it can be had.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadErrorAsync()
    {
        try
        {
            while (Unread.Length < MaxErrorBytes && await ReadMoreAsync(mayStall: false).ConfigureAwait(false))
            {
            }
        }
        catch (BrainException)
        {
            // The status says enough.
        }

        return Unread;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _response?.Dispose();
        _stop.Dispose();
        _patience.Dispose();
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            (_start, _end) = (0, 0);
        }
    }

    private async Task SendAsync(HttpClient http, HttpRequestMessage request)
    {
        try
        {
            _response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            _caller.ThrowIfCancellationRequested();

            // The bound of making connections is told by its cause; what is left is the end of the pool.
            throw _patience.IsCancellationRequested ? TooSlow() : e.InnerException is TimeoutException ? _faults.NoConnection(e) : _faults.Closed();
        }
        catch (HttpRequestException e)
        {
            throw _faults.Of(e);
        }
        catch (ObjectDisposedException)
        {
            throw _faults.NotSent(BrainFault.Unreachable, "the brains of this process were closed");
        }
    }

    private BrainException TooSlow() => _faults.TimedOut($"there was no whole answer within {_brain.Timeout.TotalSeconds:0.###} s (\"timeoutSeconds\")");

    private void MakeRoom()
    {
        if (_end < _buffer.Length)
        {
            return;
        }

        var unread = Unread;
        if (_start > _buffer.Length / 2)
        {
            unread.CopyTo(_buffer);
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBuffer, 2 * _buffer.Length));
            unread.CopyTo(larger);
            if (_buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
            }

            _buffer = larger;
        }

        (_start, _end) = (0, unread.Length);
    }
}
