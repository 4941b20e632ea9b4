using System.Collections.Immutable;

namespace Hive.Brains.Configuration;

/// <summary>A brain as it is configured or was found: what it offers, and how it is reached. It holds no secret: the key stays in its environment variable.</summary>
public sealed record BrainEntry
{
    /// <summary>How many calls a brain takes at once where nothing else is said.</summary>
    public const int DefaultConcurrency = 4;

    /// <summary>What it offers.</summary>
    public required BrainSpec Spec { get; init; }

    /// <summary>Where its API begins, ending in a slash, such as <c>http://127.0.0.1:11434/v1/</c>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Where it was learnt of: <c>hive.json</c>, or the kind of local server.</summary>
    public required string Origin { get; init; }

    /// <summary>The environment variable that holds its key; absent where it needs none.</summary>
    public string? KeyVariable { get; init; }

    /// <summary>How long an answer may take, from its being sent to its last byte.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How long a streamed answer may pause once it has begun.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether whole answers are streamed too, so that one that stalls is noticed early.</summary>
    public bool IsStreamed { get; init; }

    /// <summary>What this API calls the bound of an answer's tokens: <c>max_tokens</c> or <c>max_completion_tokens</c>.</summary>
    public string MaxTokensMember { get; init; } = "max_tokens";

    /// <summary>How its server is started when it is needed; absent where somebody else sees to that.</summary>
    public ServerStart? Start { get; init; }
}

/// <summary>A server that Hive starts when it is first needed and stops when it is idle.</summary>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Directory">The folder it runs in.</param>
/// <param name="Idle">How long it stays without a call.</param>
/// <param name="Ready">How long it gets for its start.</param>
/// <param name="Environment">The environment variables that are handed to it beside the usual ones (PATH, HOME, LANG, TMPDIR).</param>
public sealed record ServerStart(ImmutableArray<string> Command, string Directory, TimeSpan Idle, TimeSpan Ready, ImmutableArray<string> Environment);
