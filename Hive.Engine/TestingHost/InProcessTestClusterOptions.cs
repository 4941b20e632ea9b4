using Microsoft.Extensions.Hosting;

namespace Orleans.TestingHost;

/// <summary>What a test cluster is made of.</summary>
public sealed class InProcessTestClusterOptions
{
    /// <summary>The cluster's name.</summary>
    public string ClusterId { get; set; } = string.Empty;

    /// <summary>The service's name.</summary>
    public string ServiceId { get; set; } = string.Empty;

    /// <summary>How many silos <see cref="InProcessTestCluster.DeployAsync"/> starts.</summary>
    public short InitialSilosCount { get; set; } = 1;

    /// <summary>Whether <see cref="InProcessTestCluster.DeployAsync"/> also starts a client.</summary>
    public bool InitializeClientOnDeploy { get; set; } = true;

    /// <summary>What shapes the host of each silo.</summary>
    public List<Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder>> SiloHostConfigurationDelegates { get; } = [];

    /// <summary>What shapes the host of the client.</summary>
    public List<Action<IHostApplicationBuilder>> ClientHostConfigurationDelegates { get; } = [];
}

/// <summary>What one silo of a test cluster is made of.</summary>
public sealed class InProcessTestSiloSpecificOptions
{
    /// <summary>The silo's name, unless its builder sets another.</summary>
    public string SiloName { get; set; } = string.Empty;
}
