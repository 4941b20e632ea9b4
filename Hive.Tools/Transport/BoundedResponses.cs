namespace Hive.Tools.Transport;

/// <summary>Lets no response of a server be longer than a bound.</summary>
/// <param name="most">How many bytes a response's content has at most.</param>
/// <param name="inner">Sends the requests; disposed of with this.</param>
internal sealed class BoundedResponses(long most, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var content = response.Content;
        var bounded = new StreamContent(new BoundedStream(await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), most, isPerLine: false));
        foreach (var (name, values) in content.Headers.NonValidated)
        {
            bounded.Headers.TryAddWithoutValidation(name, values);
        }

        response.Content = bounded;
        return response;
    }
}
