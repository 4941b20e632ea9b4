using System.Net;

namespace Hive.Brains.Calls;

/// <summary>How brains are spoken to over HTTP.</summary>
internal static class BrainHttp
{
    /// <summary>A client without time-outs of its own: each call has its own, from a clock that is given.</summary>
    /// <param name="isLocal">Whether it speaks to this machine, past any proxy.</param>
    /// <param name="limits">The bounds.</param>
    public static HttpClient Create(bool isLocal, BrainLimits limits) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !isLocal,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = limits.ConnectTimeout,

        // Many servers of models run on uvicorn, which closes a connection after 5 s; one that closes just when a call is sent on it may count as paid for.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(4),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),

        // The rest of a stream that nobody reads to its end is not waited for: the server sees that the connection is closed, and stops.
        MaxResponseDrainSize = 4 << 10,
        ResponseDrainTimeout = TimeSpan.FromMilliseconds(50),
        MaxResponseHeadersLength = 64,
        ActivityHeadersPropagator = null,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { { "User-Agent", "hive" } },
    };
}
