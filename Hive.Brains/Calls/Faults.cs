using System.Net;
using Hive.Brains.Configuration;
using Hive.Brains.Wire;
using Hive.Processes;

namespace Hive.Brains.Calls;

/// <summary>Turns what went wrong with a brain into one error: what, where, how to mend it, and whether it may have been paid for.</summary>
internal sealed class Faults(BrainEntry brain, string? key)
{
    // Shorter ones are no keys, and blotting them out would make nonsense of a message.
    private const int ShortestKey = 8;

    /// <summary>The call could not be made: nothing was sent.</summary>
    public BrainException NotSent(BrainFault fault, string why) => new(fault, mayHaveBeenPaid: false, Say(why));

    /// <summary>No connection was had in time.</summary>
    public BrainException NoConnection(Exception? cause) => new(BrainFault.Unreachable, mayHaveBeenPaid: false, Say("no connection was had in time; is it running?"), cause);

    /// <summary>The pool ended while the call was on its way.</summary>
    public BrainException Closed() => new(BrainFault.CutOff, mayHaveBeenPaid: true, Say("the brains of this process were closed before the answer came"));

    /// <summary>The answer took too long.</summary>
    public BrainException TimedOut(string what) => new(BrainFault.TimedOut, mayHaveBeenPaid: true, Say(what));

    /// <summary>The answer ended in its middle.</summary>
    public BrainException CutOff(Exception? cause = null) => new(BrainFault.CutOff, mayHaveBeenPaid: true, Say("the answer ended in its middle"), cause);

    /// <summary>The answer is none.</summary>
    public BrainException Malformed(string why, Exception? cause = null) => new(BrainFault.Malformed, mayHaveBeenPaid: true, Say(Clean(why)), cause);

    /// <summary>The server said within an answer that it failed.</summary>
    public BrainException Broken(ServerErrorException error) => new(BrainFault.Broken, mayHaveBeenPaid: true, Say($"the server failed: {Clean(error.Message)}"));

    /// <summary>The request did not get through.</summary>
    /// <param name="e">What HTTP says.</param>
    public BrainException Of(HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => new(BrainFault.Unreachable, false, Say($"there is no host {brain.Endpoint.Host}; correct \"endpoint\", or look after the network"), e),
        HttpRequestError.ConnectionError => new(BrainFault.Unreachable, false, Say("nobody answers there; start the server, or correct \"endpoint\""), e),
        HttpRequestError.SecureConnectionError => new(BrainFault.Unreachable, false, Say($"no secure connection was had: {Clean(e.InnerException?.Message ?? e.Message)}"), e),
        HttpRequestError.ProxyTunnelError => new(BrainFault.Unreachable, false, Say($"the proxy refused: {Clean(e.Message)}"), e),
        HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded => new(BrainFault.Malformed, true, Say($"what answers there does not speak HTTP as it should: {Clean(e.Message)}"), e),
        _ => new(BrainFault.Broken, true, Say("the server closed the connection without an answer"), e),
    };

    /// <summary>The server refused or failed by its status.</summary>
    /// <param name="status">The status.</param>
    /// <param name="said">What it said, from its answer's body.</param>
    /// <param name="hasAskedToWait">Whether it said when to come again.</param>
    public BrainException OfStatus(HttpStatusCode status, string said, bool hasAskedToWait)
    {
        var answered = $"it answered {(int)status}{(said.Length > 0 ? $": {Clean(said)}" : "")}";
        return (int)status switch
        {
            429 => new(BrainFault.Busy, false, Say($"{answered}; it has no room for as long as a call waits: lower \"maxConcurrency\", or look at the account's limits")),
            503 => new(BrainFault.Busy, mayHaveBeenPaid: !hasAskedToWait, Say($"{answered}; it has no room")),
            401 or 403 => new(BrainFault.Refused, false, Say($"{answered}; {KeyAdvice()}")),
            404 => new(BrainFault.Refused, false, Say($"{answered}; does the server have model '{brain.Spec.Model}', and is \"endpoint\" right?")),
            >= 400 and < 500 => new(BrainFault.Refused, false, Say(answered)),
            >= 300 and < 400 => new(BrainFault.Refused, true, Say($"{answered}, which points elsewhere; put the address it points to into \"endpoint\"")),
            _ => new(BrainFault.Broken, true, Say(answered)),
        };
    }

    private string KeyAdvice() => brain.KeyVariable is { } variable
        ? $"is the key in {variable} right?"
        : "it wants a key: put it into an environment variable and name that in \"apiKeyEnv\"";

    private string Say(string what) => $"brain '{brain.Spec.Name}' at {brain.Endpoint.GetLeftPart(UriPartial.Path)}: {what}";

    /// <summary>Text from the server, as one bounded line, without the key that some repeat.</summary>
    private string Clean(string text) => OneLine.Of(key is { Length: >= ShortestKey } ? text.Replace(key, "…", StringComparison.Ordinal) : text);
}
