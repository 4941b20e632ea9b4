using System.Buffers;
using System.Collections.Concurrent;
using Hive.Engine.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace Hive.Engine.Tests.Embedded.Wire;

/// <summary>Joins clusters, as of several processes, by nothing but bytes.</summary>
internal sealed class BytesOnly
{
    private readonly ConcurrentDictionary<SiloAddress, (SiloDescription Silo, ICallReceiver Receiver, End Owner)> _silos = new();
    private readonly ConcurrentDictionary<string, (ICallReceiver Receiver, End Owner)> _clients = new();
    private readonly ConcurrentBag<End> _ends = [];
    private long _bytesSent;

    public long BytesSent => Interlocked.Read(ref _bytesSent);

    public End Connect()
    {
        var end = new End(this);
        _ends.Add(end);
        return end;
    }

    public static async Task<InProcessTestCluster> StartAsync(BytesOnly wire, string name)
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

    private void Announce()
    {
        foreach (var end in _ends) end.Notice();
    }

    private async Task<(bool Failed, byte[] Body)> CarryAsync(byte[] message, ICallReceiver receiver, End owner, CancellationToken abandoned)
    {
        Interlocked.Add(ref _bytesSent, message.Length);
        var output = new ArrayBufferWriter<byte>();
        try
        {
            var call = owner.Serializer.ReadCall(message, out var grainId);
            using var cancellation = abandoned.UnsafeRegister(static call => ((GrainCall)call!).Cancel(), call);
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

    public sealed class End(BytesOnly wire) : ISiloTransport
    {
        public event Action? SilosChanged;

        public WireSerializer Serializer { get; set; } = null!;

        public IReadOnlyList<SiloDescription> Silos => [.. wire._silos.Values.Where(one => one.Owner != this).Select(one => one.Silo)];

        public void Send(GrainCall call, SiloDescription silo) => _ = SendAsync(call, wire._silos[silo.Address].Receiver, wire._silos[silo.Address].Owner);

        public void SendToClient(GrainCall call, string client)
        {
            if (wire._clients.TryGetValue(client, out var found)) _ = SendAsync(call, found.Receiver, found.Owner);
            else call.Fail(new ClientNotAvailableException($"There is no client {client}."));
        }

        public Task AnnounceClientAsync(string client, ICallReceiver receiver, CancellationToken cancellationToken)
        {
            wire._clients[client] = (receiver, this);
            return Task.CompletedTask;
        }

        public Task WithdrawClientAsync(string client, CancellationToken cancellationToken)
        {
            wire._clients.TryRemove(client, out _);
            return Task.CompletedTask;
        }

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

        private async Task SendAsync(GrainCall call, ICallReceiver receiver, End owner)
        {
            var output = new ArrayBufferWriter<byte>();
            Serializer.WriteCall(call, output);
            var (failed, body) = await wire.CarryAsync(output.WrittenSpan.ToArray(), receiver, owner, call.Abandoned);
            if (call.IsOneWay) call.Complete();
            else if (failed) call.Fail(Serializer.ReadException(body));
            else Serializer.ReadResult(call, body);
        }
    }
}
