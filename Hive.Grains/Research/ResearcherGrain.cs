using Hive.Leaderboards;
using Hive.Placement;
using Hive.Swarm;

namespace Hive.Research;

/// <summary>One agent on the silo that its key names. It runs what it is given, within its silo's places and the time allowed; whatever goes wrong is the experiment's failure alone.</summary>
/// <param name="domains">What this silo has open, and its places.</param>
/// <param name="boards">This silo's replicas of leaderboards; it takes part in that of each domain it works on.</param>
/// <param name="time">The clock that experiments are held to.</param>
[TierPlacement]
public sealed class ResearcherGrain(ResearchDomains domains, SiloLeaderboards boards, TimeProvider time) : Grain, IResearcherGrain
{
    private const int MostReason = 300;

    /// <inheritdoc/>
    public async Task<ExperimentReport> RunAsync(ExperimentOrder order, CancellationToken cancellation)
    {
        try
        {
            var domain = await domains.OpenAsync(DomainRequest.Parse(order.Domain), cancellation);
            if (domain.Fingerprint != order.Fingerprint) return Failed($"this silo has other data of '{domain.Name}' than the hub");
            _ = boards.Join(LeaderboardKey.Of(domain));
            await domains.Places.WaitAsync(cancellation);
            var running = Task.Run(() => MeasureAsync(domain, order, cancellation), CancellationToken.None);

            // An experiment that does not heed its end keeps its place until it comes to one: a silo never runs more than it has cores for.
            _ = running.ContinueWith(_ => domains.Places.Release(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return await running.WaitAsync(TimeSpan.FromSeconds(order.Seconds), time, cancellation);
        }
        catch (TimeoutException)
        {
            return Failed($"it took longer than {order.Seconds} s");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Failed($"{e.GetType().Name}: {e.Message}");
        }
    }

    private async Task<ExperimentReport> MeasureAsync(IResearchDomain domain, ExperimentOrder order, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(order.Seconds), time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var result = await domain.RunAsync(new Configuration(order.Values), order.Seed, order.IsHeldBack ? DataPart.Test : DataPart.Validation, stop.Token);
            return result.Failure is null && !double.IsFinite(result.Value)
                ? Failed("the value is not a finite number", result.Work)
                : new ExperimentReport(result.Value, result.Work, result.Failure);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failed($"it took longer than {order.Seconds} s");
        }
    }

    private static ExperimentReport Failed(string reason, long work = 0) => new(double.NaN, work, reason.Length <= MostReason ? reason : reason[..MostReason]);
}
