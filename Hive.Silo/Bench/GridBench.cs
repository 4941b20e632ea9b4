using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Hive.Agents;
using Hive.Goals;
using Hive.Gossip;
using Hive.Nats;
using Hive.Silo.Grid;
using Hive.Silos;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hive.Silo.Bench;

/// <summary>What a grid carries: calls between two processes, events to many, attempts to more and more silos, and what a thousand silos cost their hub.</summary>
internal static class GridBench
{
    private const int Runs = 5;
    private const int Callers = 64;
    private const int Subscribers = 100;
    private const int Silos = 4;
    private const int SimulatedSilos = 1_000;
    private const int SimulatedAttempts = 40_000;

    /// <summary>How many attempts of 20 ms one silo holds at once; they wait and do not compute.</summary>
    private const int PlacesOfSilo = 8;

    private const int AttemptMilliseconds = 20;

    public static async Task<string> RunAsync(TextWriter progress, CancellationToken cancellation)
    {
        progress.WriteLine("a grid with one silo in a process of its own");
        await using var grid = await BenchGrid.StartAsync(cancellation);
        await grid.StartSiloAsync("silo-1", Tiers.Edge, PlacesOfSilo, cancellation);
        var calls = await CallsAsync(grid, cancellation);
        progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{calls.PerSecond:F0} calls/s with {Callers} callers; one caller's median {calls.MedianMicroseconds:F0} µs"));
        var events = await EventsAsync(grid, cancellation);
        progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"an event reached {Subscribers} subscribers in {events:F2} ms"));
        var one = await AttemptsAsync(grid, 1, cancellation);
        for (var silo = 2; silo <= Silos; silo++)
        {
            await grid.StartSiloAsync($"silo-{silo}", Tiers.Edge, PlacesOfSilo, cancellation);
        }

        var four = await AttemptsAsync(grid, Silos, cancellation);
        progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one:F0} attempts/s on one silo, {four:F0} on {Silos}: {four / one:F2} times"));
        var announcements = await SchedulerBench.AnnounceAsync(SimulatedSilos, 20, cancellation);
        var forks = await SchedulerBench.ForkAsync(SimulatedSilos, SimulatedAttempts, cancellation);
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            {"callsPerSecond": {{calls.PerSecond:F0}}, "callers": {{Callers}}, "oneCallerMedianMicroseconds": {{calls.MedianMicroseconds:F1}}, "eventMilliseconds": {{events:F2}}, "subscribers": {{Subscribers}}, "attemptMilliseconds": {{AttemptMilliseconds}}, "attemptsPerSecondOneSilo": {{one:F1}}, "attemptsPerSecondFourSilos": {{four:F1}}, "growth": {{four / one:F2}}, "simulatedSilos": {{SimulatedSilos}}, "announcementShareOfCore": {{announcements.ShareOfCore:F4}}, "attemptsForkedPerSecond": {{forks.AttemptsPerSecond:F0}}, "runs": {{Runs}}}
            """);
    }

    /// <summary>Calls from the hub to agents on the silo's process, and back.</summary>
    private static async Task<(double PerSecond, double MedianMicroseconds)> CallsAsync(BenchGrid grid, CancellationToken cancellation)
    {
        var agents = Enumerable.Range(0, Callers)
            .Select(number => grid.Hub.Grains.GetGrain<IAgentGrain>(string.Create(CultureInfo.InvariantCulture, $"edge@silo-1/bench-{number}"))).ToArray();
        var length = TimeSpan.FromSeconds(2);
        await CallBench.MeasureAsync(agents, length, cancellation);
        var many = new List<double>();
        var medians = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            many.Add(await CallBench.MeasureAsync(agents, length, cancellation));
            medians.Add(await MedianAsync(agents[0]));
        }

        return (BenchSilo.Median(many), BenchSilo.Median(medians));
    }

    private static async Task<double> MedianAsync(IAgentGrain agent)
    {
        const int Calls = 5_000;
        var times = new double[Calls];
        for (var call = 0; call < Calls; call++)
        {
            var began = Stopwatch.GetTimestamp();
            await agent.PingAsync();
            times[call] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
        }

        return BenchSilo.Median(times);
    }

    /// <summary>How long an event takes from its publisher to the last of the subscribers, each with a connection of its own.</summary>
    private static async Task<double> EventsAsync(BenchGrid grid, CancellationToken cancellation)
    {
        const int Events = 50;
        const string Topic = "bench";
        var connections = new List<NatsConnection>();
        try
        {
            var heard = new CountdownEvent(1);
            for (var subscriber = 0; subscriber < Subscribers; subscriber++)
            {
                var connection = await NatsConnection.ConnectAsync(grid.Options.ToNats("bench", TimeProvider.System), cancellation);
                connections.Add(connection);
                new NatsEventBus(new GridLink(connection, grid.Options, null), NullLogger<NatsEventBus>.Instance).Subscribe(Topic, _ => heard.Signal());
                await connection.FlushAsync(cancellation);
            }

            var publisher = (IEventBus)grid.Hub.Services.GetService(typeof(IEventBus))!;
            var times = new List<double>();
            for (var number = 0; number < Events; number++)
            {
                heard.Reset(Subscribers);
                var began = Stopwatch.GetTimestamp();
                publisher.Publish(Topic, "an event"u8);
                heard.Wait(cancellation);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            return BenchSilo.Median(times);
        }
        finally
        {
            foreach (var connection in connections)
            {
                await connection.DisposeAsync();
            }
        }
    }

    /// <summary>A goal of attempts that wait 20 ms each, on silos of the edge alone.</summary>
    private static async Task<double> AttemptsAsync(BenchGrid grid, int silos, CancellationToken cancellation)
    {
        var attempts = 400 * silos;
        var rates = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            var goal = new GoalSpec
            {
                Objective = "Wait in many places at once",
                Metric = new MetricCheck("value", MetricDirection.Minimize, null, new BuiltinEvaluatorSpec(
                    "latency", ImmutableSortedDictionary<string, string>.Empty.Add("milliseconds", AttemptMilliseconds.ToString(CultureInfo.InvariantCulture)))),
                Space = [new NamedDimension("x", new RealDimension(0, 1))],
                Budget = new GoalBudget(attempts, null, 1),
                Agents = attempts,
                Tiers = [Tiers.Edge],
            };
            var watch = Stopwatch.StartNew();
            var id = await grid.Hub.Hive.SubmitAsync(goal, null, cancellation);
            var status = await grid.Hub.Hive.WaitAsync(id, cancellation);
            rates.Add(status.State == GoalState.Done && status.Attempts.Done == attempts
                ? attempts / watch.Elapsed.TotalSeconds
                : throw new InvalidOperationException($"the goal ended {status.State} with {status.Attempts.Done} of {attempts} attempts done: {status.Reason ?? status.Trouble}"));
        }

        return BenchSilo.Median(rates);
    }
}
