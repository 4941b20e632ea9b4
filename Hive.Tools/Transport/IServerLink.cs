using ModelContextProtocol.Client;

namespace Hive.Tools.Transport;

/// <summary>The way to one started server; disposing of it ends the server where it is ours.</summary>
internal interface IServerLink : IAsyncDisposable
{
    /// <summary>What carries the messages.</summary>
    IClientTransport Transport { get; }

    /// <summary>What is known of how the server ended, such as its exit status, to follow a sentence; empty where nothing is.</summary>
    ValueTask<string> LastWordsAsync();
}
