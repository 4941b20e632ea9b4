using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Hive.Engine.Tests.Embedded;

public sealed class HostingTests
{
    [Fact]
    public async Task Hosts_of_one_cluster_meet_in_their_process_and_those_of_another_do_not()
    {
        var cluster = Guid.NewGuid().ToString("N");
        using var silo = await StartAsync(builder => builder.UseOrleans(silo => silo.UseLocalhostClustering(clusterId: cluster)));
        using var client = await StartAsync(builder => builder.UseOrleansClient(client => client.UseLocalhostClustering(clusterId: cluster)));
        using var stranger = await StartAsync(builder => builder.UseOrleansClient(client => client.UseLocalhostClustering(clusterId: cluster + "other")));
        Assert.Equal(3, await Grain(client).Add(1, 2));
        Assert.Equal(3, await Grain(silo).Add(1, 2));
        await Assert.ThrowsAnyAsync<OrleansException>(() => Grain(stranger).Add(1, 2));
        await silo.StopAsync();
        await Assert.ThrowsAnyAsync<OrleansException>(() => Grain(client).Add(1, 2));
    }

    [Fact]
    public async Task A_host_that_ends_leaves_the_cluster_to_the_others()
    {
        var cluster = Guid.NewGuid().ToString("N");
        using var silo = await StartAsync(builder => builder.UseOrleans(silo => silo.UseLocalhostClustering(clusterId: cluster)));
        for (var i = 0; i < 3; i++)
        {
            using var client = await StartAsync(builder => builder.UseOrleansClient(client => client.UseLocalhostClustering(clusterId: cluster)));
            Assert.Equal(3, await Grain(client).Add(1, 2));
            await client.StopAsync();
        }

        // Time-outs need the sweeps, which are the cluster's own.
        await Assert.ThrowsAsync<TimeoutException>(() => Grain(silo).NeverReturn());
    }

    [Fact]
    public async Task A_silo_without_clustering_is_a_cluster_of_its_own()
    {
        using var first = await StartAsync(builder => builder.UseOrleans());
        using var second = await StartAsync(builder => builder.UseOrleans());
        Assert.Equal(1, await Grain(first).GetHosts());
        Assert.Equal(1, await Grain(second).GetHosts());
    }

    [Fact]
    public async Task A_stopped_client_calls_no_more()
    {
        var cluster = Guid.NewGuid().ToString("N");
        using var silo = await StartAsync(builder => builder.UseOrleans(silo => silo.UseLocalhostClustering(clusterId: cluster)));
        using var client = await StartAsync(builder => builder.UseOrleansClient(client => client.UseLocalhostClustering(clusterId: cluster)));
        await client.StopAsync();
        await Assert.ThrowsAsync<SiloUnavailableException>(() => Grain(client).Add(1, 2));
    }

    [Fact]
    public async Task Times_that_make_no_sense_are_refused_when_the_host_starts()
    {
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(builder => builder.UseOrleans(
            silo => silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.Zero))));
        Assert.Contains(nameof(MessagingOptions.ResponseTimeout), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_is_a_silo_or_a_client_and_not_both()
    {
        await Assert.ThrowsAsync<OrleansConfigurationException>(() => StartAsync(builder => builder.UseOrleans().UseOrleansClient()));
        await Assert.ThrowsAsync<OrleansConfigurationException>(() => StartAsync(builder => builder.UseOrleansClient().UseOrleans()));
    }

    [Fact]
    public async Task A_grain_that_asks_for_a_storage_that_is_not_there_is_told_which()
    {
        using var silo = await StartAsync(builder => builder.UseOrleans());
        var grain = silo.Services.GetRequiredService<IGrainFactory>().GetGrain<INotebook>("a");
        var refusal = await Assert.ThrowsAsync<OrleansConfigurationException>(() => grain.Get());
        Assert.Contains(Support.TestClusters.Store, refusal.Message, StringComparison.Ordinal);
    }

    private static ICaller Grain(IHost host) => host.Services.GetRequiredService<IClusterClient>().GetGrain<ICaller>(1);

    private static async Task<IHost> StartAsync(Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        configure(builder);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}

internal static class HostingTestExtensions
{
    public static async Task<int> GetHosts(this ICaller grain)
    {
        await grain.Nothing();
        return (await ((GrainReference)grain).Origin.Member.Factory.GetGrain<IManagementGrain>(0).GetHosts()).Count;
    }
}
