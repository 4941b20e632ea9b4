using System.Collections.ObjectModel;
using Hive.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.TestingHost;

/// <summary>A cluster of silos and a client within the test's process. Each silo has a host, services and a life of its own.</summary>
public sealed class InProcessTestCluster : IAsyncDisposable, IDisposable
{
    private readonly List<InProcessSiloHandle> _silos = [];
    private readonly Lock _lock = new();
    private SiloFabric? _fabric;
    private IHost? _clientHost;
    private short _started;

    internal InProcessTestCluster(InProcessTestClusterOptions options) => Options = options;

    /// <summary>What it is made of.</summary>
    public InProcessTestClusterOptions Options { get; }

    /// <summary>The client.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public IClusterClient Client => _clientHost?.Services.GetRequiredService<IClusterClient>()
        ?? throw new InvalidOperationException("The cluster has no client yet; await DeployAsync or InitializeClientAsync.");

    /// <summary>The silos that have been neither stopped nor killed, in the order of starting.</summary>
    public ReadOnlyCollection<InProcessSiloHandle> Silos
    {
        get
        {
            lock (_lock) return _silos.Where(silo => silo.IsActive).ToList().AsReadOnly();
        }
    }

    /// <summary>Starts silos and client.</summary>
    public async Task DeployAsync()
    {
        await StartSilosAsync(Options.InitialSilosCount);
        if (Options.InitializeClientOnDeploy) await InitializeClientAsync();
    }

    /// <summary>Starts a client, after stopping the one before.</summary>
    public async Task InitializeClientAsync()
    {
        await StopClusterClientAsync();
        var builder = CreateHostBuilder();
        foreach (var configure in Options.ClientHostConfigurationDelegates) configure(builder);
        builder.UseOrleansClient();
        Join(builder);
        var host = builder.Build();
        await host.StartAsync();
        _clientHost = host;
    }

    /// <summary>Stops the client.</summary>
    public async Task StopClusterClientAsync()
    {
        if (_clientHost is not { } host) return;
        _clientHost = null;
        await host.StopAsync();
        host.Dispose();
    }

    /// <summary>Starts one more silo.</summary>
    public async Task<InProcessSiloHandle> StartAdditionalSiloAsync() => (await StartSilosAsync(1))[0];

    /// <summary>Starts more silos, one after another.</summary>
    public async Task<List<InProcessSiloHandle>> StartSilosAsync(int silosToStart)
    {
        var started = new List<InProcessSiloHandle>();
        for (var i = 0; i < silosToStart; i++) started.Add(await StartSiloAsync());
        return started;
    }

    /// <summary>Stops a silo gently.</summary>
    public Task StopSiloAsync(InProcessSiloHandle? instance) => instance?.StopSiloAsync(stopGracefully: true) ?? Task.CompletedTask;

    /// <summary>Ends a silo at once, as if its process had died.</summary>
    public Task KillSiloAsync(InProcessSiloHandle? instance) => instance?.StopSiloAsync(stopGracefully: false) ?? Task.CompletedTask;

    /// <summary>Stops a silo gently and starts another in its place.</summary>
    public async Task<InProcessSiloHandle?> RestartSiloAsync(InProcessSiloHandle? instance)
    {
        if (instance is null) return null;
        await StopSiloAsync(instance);
        return await StartAdditionalSiloAsync();
    }

    /// <summary>Stops the silos, the youngest first.</summary>
    public async Task StopSilosAsync()
    {
        foreach (var silo in Silos.Reverse()) await StopSiloAsync(silo);
    }

    /// <summary>Stops client and silos.</summary>
    public async Task StopAllSilosAsync()
    {
        await StopClusterClientAsync();
        await StopSilosAsync();
    }

    /// <summary>The silos that have been neither stopped nor killed.</summary>
    public IEnumerable<InProcessSiloHandle> GetActiveSilos() => Silos;

    /// <summary>The silo of that address, or null.</summary>
    public InProcessSiloHandle? GetSiloForAddress(SiloAddress siloAddress) => Silos.FirstOrDefault(silo => silo.SiloAddress.Equals(siloAddress));

    /// <summary>The services of a silo's host; of the first silo where none is named.</summary>
    /// <exception cref="ArgumentException">There is no such silo.</exception>
    public IServiceProvider GetSiloServiceProvider(SiloAddress? silo = null)
    {
        var handle = silo is null ? Silos.FirstOrDefault() : GetSiloForAddress(silo);
        return handle?.ServiceProvider ?? throw new ArgumentException($"There is no active silo {silo}.", nameof(silo));
    }

    /// <summary>Waits until all know who lives. In this engine they always do.</summary>
    public Task WaitForLivenessToStabilizeAsync(bool didKill = false) => Task.CompletedTask;

    /// <summary>Completes when the grain is not active; at once if it is not now.</summary>
    public Task WaitForDeactivationAsync(IAddressable grain) => WaitForDeactivationAsync(grain.GetGrainId());

    /// <inheritdoc cref="WaitForDeactivationAsync(IAddressable)"/>
    public Task WaitForDeactivationAsync(GrainId grainId) => _fabric?.Find(grainId)?.Deactivated ?? Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAllSilosAsync();
        List<InProcessSiloHandle> silos;
        lock (_lock) silos = [.. _silos];
        foreach (var silo in silos) await silo.DisposeAsync();
        _fabric?.Close();
    }

    /// <inheritdoc/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static HostApplicationBuilder CreateHostBuilder()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        return builder;
    }

    private async Task<InProcessSiloHandle> StartSiloAsync()
    {
        var number = _started++;
        var options = new InProcessTestSiloSpecificOptions { SiloName = $"Silo_{number}" };
        var builder = CreateHostBuilder();
        builder.UseOrleans(silo => silo.Services.Configure<SiloOptions>(silo => silo.SiloName = options.SiloName));
        foreach (var configure in Options.SiloHostConfigurationDelegates) configure(options, builder);
        Join(builder);
        var host = builder.Build();
        await host.StartAsync();
        var handle = new InProcessSiloHandle(host, number);
        lock (_lock) _silos.Add(handle);
        return handle;
    }

    /// <summary>Gives the host the fabric that all of the cluster share; its clock and its transport are those of the first host.</summary>
    private void Join(HostApplicationBuilder builder)
    {
        builder.Services.Configure<ClusterOptions>(options =>
        {
            options.ClusterId = Options.ClusterId;
            options.ServiceId = Options.ServiceId;
        });
        _fabric ??= new SiloFabric(Given<TimeProvider>(builder.Services) ?? TimeProvider.System, Given<ISiloTransport>(builder.Services));
        builder.Services.AddSingleton(_fabric);
    }

    private static T? Given<T>(IServiceCollection services)
        where T : class => services.LastOrDefault(service => service.ServiceType == typeof(T) && !service.IsKeyedService)?.ImplementationInstance as T;
}
