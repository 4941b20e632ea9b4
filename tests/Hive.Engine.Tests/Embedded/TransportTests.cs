using System.Collections.Concurrent;
using System.Text.Json;
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
        await Assert.ThrowsAnyAsync<OrleansException>(() => here.Client.GetGrain<INamed>("there/1").Ask("nowhere/1"));
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
        return cluster;
    }

    /// <summary>Carries messages between its ends. A message is a line of JSON.</summary>
    private sealed class Wire
    {
        private readonly ConcurrentDictionary<SiloAddress, (SiloDescription Silo, ICallReceiver Receiver, End Owner)> _silos = new();
        private readonly ConcurrentBag<End> _ends = [];
        private long _bytesSent;

        public long BytesSent => Interlocked.Read(ref _bytesSent);

        public ISiloTransport Connect()
        {
            var end = new End(this);
            _ends.Add(end);
            return end;
        }

        private void Announce()
        {
            foreach (var end in _ends) end.Notice();
        }

        private async Task<byte[]> CarryAsync(byte[] message, SiloAddress address)
        {
            Interlocked.Add(ref _bytesSent, message.Length);
            var request = JsonSerializer.Deserialize<Request>(message)!;
            var receiver = _silos[address].Receiver;
            var call = receiver.CreateCall(request.Method);
            for (var i = 0; i < request.Arguments.Length; i++)
            {
                call.SetArgument(i, request.Arguments[i].Deserialize(call.Method.ParameterTypes[i]));
            }

            try
            {
                var result = await receiver.RunAsync(GrainId.Parse(request.Grain), call);
                return JsonSerializer.SerializeToUtf8Bytes(new Response(JsonSerializer.SerializeToElement(result), null));
            }
            catch (Exception exception)
            {
                return JsonSerializer.SerializeToUtf8Bytes(new Response(JsonSerializer.SerializeToElement<object?>(null), exception.Message));
            }
        }

        private sealed record Request(string Method, string Grain, JsonElement[] Arguments);

        private sealed record Response(JsonElement Result, string? Failure);

        private sealed class End(Wire wire) : ISiloTransport
        {
            public event Action? SilosChanged;

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
                var arguments = call.Method.ParameterTypes.Select((type, index) => JsonSerializer.SerializeToElement(call.GetArgument(index), type));
                var request = new Request(call.Method.Id, call.GrainId.ToString(), [.. arguments]);
                var answer = await wire.CarryAsync(JsonSerializer.SerializeToUtf8Bytes(request), silo.Address);
                var response = JsonSerializer.Deserialize<Response>(answer)!;
                if (response.Failure is { } failure) call.Fail(new OrleansException(failure));
                else call.Complete(call.Method.ResultType is { } type ? response.Result.Deserialize(type) : null);
            }
        }
    }
}
