using Hive.Goals;

namespace Hive.Client;

/// <summary><see cref="IHive"/> over the grains.</summary>
internal sealed class HiveClient(IGrainFactory grains) : IHive
{
    public async Task<string> SubmitAsync(GoalSpec goal, string? id, CancellationToken cancellation)
    {
        id ??= GoalId.New();
        await Goal(id).SubmitAsync(GoalFile.Write(goal)).WaitAsync(cancellation);
        return id;
    }

    public Task<GoalStatus> GetAsync(string id, CancellationToken cancellation) => Goal(id).GetStatusAsync().WaitAsync(cancellation);

    public IAsyncEnumerable<GoalEntry> WatchAsync(string id, long after, CancellationToken cancellation) => Goal(id).WatchAsync(after, cancellation);

    public Task<GoalStatus> WaitAsync(string id, CancellationToken cancellation) => Goal(id).WaitAsync(cancellation);

    public Task<GoalStatus> CancelAsync(string id, string reason, CancellationToken cancellation) => Goal(id).CancelAsync(reason).WaitAsync(cancellation);

    public Task<GoalStatus> ResumeAsync(string id, CancellationToken cancellation) => Goal(id).ResumeAsync().WaitAsync(cancellation);

    public Task<GoalStatus> ApproveAsync(string id, GoalApproval approval, CancellationToken cancellation) => Goal(id).ApproveAsync(approval).WaitAsync(cancellation);

    public Task<GoalStatus> AddBudgetAsync(string id, string budget, CancellationToken cancellation) => Goal(id).AddBudgetAsync(budget).WaitAsync(cancellation);

    public async Task<IReadOnlyList<GoalLine>> ListAsync(int most, CancellationToken cancellation) =>
        await grains.GetGrain<IGoalIndexGrain>(IGoalIndexGrain.Key).ListAsync(most).WaitAsync(cancellation);

    private IGoalGrain Goal(string id) => grains.GetGrain<IGoalGrain>(GoalId.Check(id));
}
