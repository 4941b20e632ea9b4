using System.CommandLine;
using Hive.Client.Grid;

namespace Hive.Silo.Commands;

/// <summary>The options that say which grid, with one wording; who wants in stands in the environment.</summary>
internal static class GridArguments
{
    /// <summary>The variable that names the NATS server where no argument does.</summary>
    public const string ServerVariable = "HIVE_NATS";

    /// <summary>How long a command waits for a hub to answer: a standby needs up to ten seconds to take over.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(15);

    private const string ClusterVariable = "HIVE_CLUSTER";
    private const string Loopback = "nats://127.0.0.1:4222";

    public static Option<string> Nats() => new("--nats")
    {
        Description = "The NATS server through which the grid talks.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(ServerVariable) ?? Loopback,
        HelpName = "nats://HOST:PORT",
    };

    public static Option<string?> Connect() => new("--connect")
    {
        Description = $"Ask the hub of a grid through its NATS server instead of this machine's own database (or set {ServerVariable}).",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(ServerVariable),
        HelpName = "nats://HOST:PORT",
    };

    public static Option<string> Cluster() => new("--cluster")
    {
        Description = "The grid's name.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(ClusterVariable) ?? GridOptions.DefaultCluster,
        HelpName = "NAME",
    };

    /// <summary>The grid that arguments and environment name.</summary>
    /// <exception cref="ArgumentException">One of them is not usable.</exception>
    public static GridOptions Read(string server, string cluster) => GridOptions.FromEnvironment(server, cluster);
}
