namespace Hive.Nats.Internal;

/// <summary>The waits between attempts to reconnect: each twice as long as the one before up to a bound, and spread over its upper half so that clients that lost one server do not return all at once.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, Random random)
{
    private TimeSpan _next = first;

    public TimeSpan Next()
    {
        var wait = _next * (0.5 + (0.5 * random.NextDouble()));
        _next = _next * 2 < longest ? _next * 2 : longest;
        return wait;
    }
}
