using Hive.Nats;
using Hive.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Streams;

namespace Hive.Engine.Nats.Tests;

/// <summary>A host with one silo, as a process of its own would have it: a connection and a transport that nobody else uses.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly IHost _host;

    private TestNode(IHost host) => _host = host;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public NatsConnection Connection => _host.Services.GetRequiredService<NatsConnection>();

    public ISiloTransport Transport => _host.Services.GetRequiredService<ISiloTransport>();

    public IAsyncStream<T> Stream<T>(StreamId id) => _host.Services.GetRequiredKeyedService<IStreamProvider>("streams").GetStream<T>(id);

    public static async Task<TestNode> StartAsync(
        NatsServer server, string name, bool isHub = false, Func<NatsTransportOptions, NatsTransportOptions>? configure = null, TimeSpan? timeout = null)
    {
        var connection = await NatsConnection.ConnectAsync(new NatsOptions { Servers = [server.Location], Name = name });
        var options = new NatsTransportOptions { JoinTimeout = TimeSpan.FromSeconds(20) };
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo =>
        {
            silo.Services.AddSingleton(connection);
            silo.Services.AddSingleton<ISiloTransport>(services => new NatsSiloTransport(
                connection,
                services.GetRequiredService<WireSerializer>(),
                configure?.Invoke(options) ?? options,
                TimeProvider.System,
                services.GetRequiredService<ILogger<NatsSiloTransport>>()));
            silo.Configure<SiloOptions>(silo => silo.SiloName = name);
            silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = timeout ?? TimeSpan.FromMinutes(1));
            silo.UseSiloMetadata(new Dictionary<string, string> { ["name"] = name, ["role"] = isHub ? "hub" : "silo" });
            silo.AddMemoryStreams("streams");
            silo.Services.AddPlacementFilter<OnNamedSilo, OnNamedSiloDirector>(ServiceLifetime.Singleton);
        });
        var node = new TestNode(builder.Build());
        try
        {
            await node._host.StartAsync();
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the silo sees so many others.</summary>
    public async Task SeesAsync(int others)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Transport.SilosChanged += Look;
        Look();
        await seen.Task.WaitAsync(TestContext.Current.CancellationToken);
        Transport.SilosChanged -= Look;

        void Look()
        {
            if (Transport.Silos.Count == others) seen.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}

/// <summary>The grain lives on the silo that its key names, as in <c>silo-b/17</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnNamedSiloAttribute() : PlacementFilterAttribute(new OnNamedSilo());

public sealed class OnNamedSilo() : PlacementFilterStrategy(order: 0);

public sealed class OnNamedSiloDirector(ISiloMetadataCache metadata) : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, Orleans.Runtime.Placement.PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        var name = target.GrainIdentity.Key.ToString()!.Split('/')[0];
        return silos.Where(silo => metadata.GetSiloMetadata(silo).Metadata.TryGetValue("name", out var value) && value == name);
    }
}
