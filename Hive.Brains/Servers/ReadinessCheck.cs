using System.Net;

namespace Hive.Brains.Servers;

/// <summary>Asks a server whether it is there: its list of models answers, and it does not say that it is loading still.</summary>
internal sealed class ReadinessCheck(HttpClient http, Uri endpoint, string? key, TimeProvider time)
{
    /// <summary>How long to wait between two looks at a server that starts.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Whether it answers.</summary>
    /// <param name="cancellation">Ends the look.</param>
    public async Task<bool> IsReadyAsync(CancellationToken cancellation) =>
        await StatusAsync(new Uri(endpoint, "models"), cancellation).ConfigureAwait(false) is HttpStatusCode.OK

        // llama.cpp lists its model while it loads it, and tells so there; other servers know no such page.
        && await StatusAsync(new Uri(endpoint, "/health"), cancellation).ConfigureAwait(false) is not HttpStatusCode.ServiceUnavailable;

    /// <summary>The status of a server's answer to <c>GET /v1/models</c>; absent where it does not answer.</summary>
    /// <param name="cancellation">Ends the look.</param>
    public Task<HttpStatusCode?> StatusAsync(CancellationToken cancellation) => StatusAsync(new Uri(endpoint, "models"), cancellation);

    private async Task<HttpStatusCode?> StatusAsync(Uri address, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        }

        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token).ConfigureAwait(false);
            return response.StatusCode;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }
}
