using Hive.Placement;

namespace Hive.Skills;

/// <summary>The door to one silo's sandbox. Guests run beside the grain's turns, on threads of their own, so a long one keeps nobody waiting.</summary>
/// <param name="sandbox">The silo's sandbox.</param>
[TierPlacement]
[Orleans.Concurrency.Reentrant]
public sealed class SkillRunnerGrain(SkillSandbox sandbox) : Grain, ISkillRunnerGrain
{
    /// <inheritdoc/>
    public Task<SkillVerdict> TestAsync(SkillPackage skill, CancellationToken cancellation) =>
        RunAsync(() => SkillSandbox.Test(skill, cancellation), cancellation);

    /// <inheritdoc/>
    public async Task<SkillResult> RunAsync(string address, SkillCall call, CancellationToken cancellation)
    {
        if (!sandbox.Has(address))
        {
            sandbox.Load(await GrainFactory.GetGrain<ISkillGrain>(address).GetAsync());
        }

        return await RunAsync(() => sandbox.Run(address, call, cancellation), cancellation);
    }

    private static Task<T> RunAsync<T>(Func<T> guest, CancellationToken cancellation) =>
        Task.Factory.StartNew(guest, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
