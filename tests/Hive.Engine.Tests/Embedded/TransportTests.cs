using System.Buffers;
using System.Collections.Concurrent;
using Hive.Engine.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace Hive.Engine.Tests.Embedded;

/// <summary>Two clusters, as of two processes, that are joined by a transport which sends nothing but bytes.</summary>
public sealed class TransportTests
{
    [Fact]
    public async Task A_call_goes_to_another_process_as_bytes_and_its_outcome_comes_back()
    {
        var wire = new Wire();
        await using var here = await StartAsync(wire, "here");
        await using var there = await StartAsync(wire, "there");
        var client = here.Client;
        Assert.Equal("there", await client.GetGrain<INamed>("there/1").Where());
        Assert.Equal("here", await client.GetGrain<INamed>("here/1").Where());
        Assert.Equal("there", await client.GetGrain<INamed>("here/1").Ask("there/2"));
        Assert.Equal("here", await client.GetGrain<INamed>("there/1").Ask("here/2"));
        Assert.True(wire.BytesSent > 0);
    }

    [Fact]
    public async Task A_failure_in_another_process_comes_back_as_one()
    {
        var wire = new Wire();
        await using var here = await StartAsync(wire, "here");
        await using var there = await StartAsync(wire, "there");
        var failure = await Assert.ThrowsAnyAsync<OrleansException>(() => here.Client.GetGrain<INamed>("there/1").Ask("nowhere/1"));
        Assert.Contains("nowhere/1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_that_has_ended_there_is_refused_here()
    {
        var wire = new Wire();
        await using var here = await StartAsync(wire, "here");
        await using var there = await StartAsync(wire, "there");
        var grain = here.Client.GetGrain<INamed>("there/1");
        await grain.Where();
        await there.StopAllSilosAsync();
        await Assert.ThrowsAnyAsync<OrleansException>(() => grain.Where());
    }

    private static async Task<InProcessTestCluster> StartAsync(Wire wire, string name)
    {
        var transport = wire.Connect();
        var builder = TestClusters.Builder(1, silo =>
        {
            silo.Services.AddSingleton<ISiloTransport>(transport);
            silo.Configure<Orleans.Configuration.SiloOptions>(options => options.SiloName = name);
            silo.Services.AddSingleton(Orleans.Runtime.MembershipService.SiloMetadata.SiloMetadata.Of([KeyValuePair.Create("name", name)]));
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        transport.Serializer = cluster.GetSiloServiceProvider().GetRequiredService<WireSerializer>();
        return cluster;
    }

    /// <summary>Carries messages between its ends.</summary>
    private sealed class Wire
    {
        private readonly ConcurrentDictionary<SiloAddress, (SiloDescription Silo, ICallReceiver Receiver, End Owner)> _silos = new();
        private readonly ConcurrentBag<End> _ends = [];
        private long _bytesSent;

        public long BytesSent => Interlocked.Read(ref _bytesSent);

        public End Connect()
        {
            var end = new End(this);
            _ends.Add(end);
            return end;
        }

        private void Announce()
        {
            foreach (var end in _ends) end.Notice();
        }

        private async Task<(bool Failed, byte[] Body)> CarryAsync(byte[] message, SiloAddress address)
        {
            Interlocked.Add(ref _bytesSent, message.Length);
            var (_, receiver, owner) = _silos[address];
            var output = new ArrayBufferWriter<byte>();
            try
            {
                var call = owner.Serializer.ReadCall(message, out var grainId);
                await receiver.ReceiveAsync(grainId, call);
                owner.Serializer.WriteResult(call, output);
                return (false, output.WrittenSpan.ToArray());
            }
            catch (Exception exception)
            {
                output.ResetWrittenCount();
                owner.Serializer.WriteException(exception, output);
                return (true, output.WrittenSpan.ToArray());
            }
        }

        public sealed class End(Wire wire) : ISiloTransport
        {
            public event Action? SilosChanged;

            public WireSerializer Serializer { get; set; } = null!;

            public IReadOnlyList<SiloDescription> Silos => [.. wire._silos.Values.Where(one => one.Owner != this).Select(one => one.Silo)];

            public void Send(GrainCall call, SiloDescription silo) => _ = SendAsync(call, silo);

            public Task AnnounceAsync(SiloDescription silo, ICallReceiver receiver, CancellationToken cancellationToken)
            {
                wire._silos[silo.Address] = (silo, receiver, this);
                wire.Announce();
                return Task.CompletedTask;
            }

            public Task WithdrawAsync(SiloDescription silo, CancellationToken cancellationToken)
            {
                wire._silos.TryRemove(silo.Address, out _);
                wire.Announce();
                return Task.CompletedTask;
            }

            public void Notice() => SilosChanged?.Invoke();

            private async Task SendAsync(GrainCall call, SiloDescription silo)
            {
                var output = new ArrayBufferWriter<byte>();
                Serializer.WriteCall(call, output);
                var (failed, body) = await wire.CarryAsync(output.WrittenSpan.ToArray(), silo.Address);
                if (failed) call.Fail(Serializer.ReadException(body));
                else Serializer.ReadResult(call, body);
            }
        }
    }
}
