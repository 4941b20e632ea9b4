using Microsoft.AspNetCore.Http;

namespace Hive.Brains.Scripted;

/// <summary>A reply as bytes, and how they go out: whole, or with what goes wrong on a wire.</summary>
internal sealed class WireReply
{
    private const string Json = "application/json";
    private const string EventStream = "text/event-stream";

    private readonly string _type;
    private readonly byte[] _bytes;

    private WireReply(string type, byte[] bytes) => (_type, _bytes) = (type, bytes);

    /// <summary>The reply to a request; JSON of the protocol that the script breaks ends in its middle.</summary>
    public static WireReply Of(CompletionRequest request, long id, DateTimeOffset now, ScriptedAnswer answer)
    {
        if (!request.Stream)
        {
            var whole = CompletionReplyWriter.Whole(request.Model, id, now, answer);
            return new WireReply(Json, answer.BreaksProtocol ? whole[..(whole.Length / 2)] : whole);
        }

        var events = CompletionReplyWriter.Events(request.Model, id, now, answer, request.IncludeUsage);
        if (answer.BreaksProtocol)
        {
            var broken = events[events.Count / 2];
            events[events.Count / 2] = [.. broken.AsSpan(0, broken.Length / 2), .. "\n\n"u8];
        }

        return new WireReply(EventStream, [.. events.SelectMany(each => each), .. CompletionReplyWriter.Done]);
    }

    /// <summary>
    /// Sends it. A cut reply ends at half: by an orderly end of the connection before the length that was promised, or by an abort. A stalled one says no more
    /// after half until the caller gives up.
    /// </summary>
    public async Task SendAsync(HttpContext http, ScriptedAnswer answer, CancellationToken cancellation)
    {
        var response = http.Response;
        response.ContentType = _type;
        if (_type == Json)
        {
            response.ContentLength = _bytes.Length;
        }

        var half = _bytes.AsMemory(0, _bytes.Length / 2);
        switch (answer.Fault)
        {
            case ScriptedFault.CutStream:
                var orderly = answer.Variant % 2 == 0;
                response.ContentLength = orderly ? _bytes.Length : response.ContentLength;
                await response.Body.WriteAsync(half, cancellation).ConfigureAwait(false);
                await response.Body.FlushAsync(cancellation).ConfigureAwait(false);
                if (!orderly)
                {
                    http.Abort();
                }

                return;
            case ScriptedFault.Stall:
                await response.Body.WriteAsync(half, cancellation).ConfigureAwait(false);
                await response.Body.FlushAsync(cancellation).ConfigureAwait(false);
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(false);
                return;
            default:
                await response.Body.WriteAsync(_bytes, cancellation).ConfigureAwait(false);
                return;
        }
    }
}
