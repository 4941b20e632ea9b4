namespace Hive.Brains.Calls;

/// <summary>
/// Shuts off a server that fails again and again, so that callers learn it at once and the server can recover. After a while one call is let through to see; while
/// such a call fails, the while doubles, up to a bound.
/// </summary>
/// <param name="threshold">How many failures in a row shut it off.</param>
/// <param name="first">How long it is shut off at first.</param>
/// <param name="longest">How long at most.</param>
/// <param name="time">Measures.</param>
internal sealed class CircuitBreaker(int threshold, TimeSpan first, TimeSpan longest, TimeProvider time)
{
    private const int MaxDoublings = 30;

    private readonly Lock _lock = new();
    private int _failures;
    private bool _isOpen;
    private bool _isProbing;
    private int _failedProbes;
    private long _openedAt;

    /// <summary>Whether calls are refused, but for one that looks.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_lock)
            {
                return _isOpen;
            }
        }
    }

    private TimeSpan Pause => first * (1 << _failedProbes) is var pause && pause < longest ? pause : longest;

    /// <summary>Asks to make a call. Whoever may must say how it went: <see cref="Succeed"/>, <see cref="Fail"/> or <see cref="Abandon"/>.</summary>
    /// <param name="isProbe">Whether it is the one that looks.</param>
    /// <param name="remaining">How long calls are refused still, where this one is.</param>
    public bool TryEnter(out bool isProbe, out TimeSpan remaining)
    {
        lock (_lock)
        {
            (isProbe, remaining) = (false, TimeSpan.Zero);
            if (!_isOpen)
            {
                return true;
            }

            var left = Pause - time.GetElapsedTime(_openedAt);
            if (left > TimeSpan.Zero || _isProbing)
            {
                remaining = left > TimeSpan.Zero ? left : TimeSpan.Zero;
                return false;
            }

            _isProbing = isProbe = true;
            return true;
        }
    }

    /// <summary>The server answered, whatever it said: it is there.</summary>
    public void Succeed()
    {
        lock (_lock)
        {
            (_failures, _failedProbes, _isOpen, _isProbing) = (0, 0, false, false);
        }
    }

    /// <summary>The call failed.</summary>
    /// <param name="isProbe">Whether it was the one that looked.</param>
    /// <returns>Whether this shut the server off.</returns>
    public bool Fail(bool isProbe)
    {
        lock (_lock)
        {
            if (_isOpen && !isProbe)
            {
                // It was on its way before the server was shut off and tells nothing new.
                return false;
            }

            if (isProbe)
            {
                _failedProbes = Math.Min(_failedProbes + 1, MaxDoublings);
            }
            else if (++_failures < threshold)
            {
                return false;
            }

            (_isOpen, _isProbing, _openedAt) = (true, false, time.GetTimestamp());
            return true;
        }
    }

    /// <summary>The call was given up before it told anything.</summary>
    /// <param name="isProbe">Whether it was the one that looked.</param>
    public void Abandon(bool isProbe)
    {
        lock (_lock)
        {
            _isProbing &= !isProbe;
        }
    }
}
