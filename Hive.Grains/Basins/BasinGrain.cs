using Hive.Placement;

namespace Hive.Basins;

/// <summary>
/// The authority over one domain's basins. What is right is decided by <see cref="BasinKeeper"/>; this grain gives it a place, an order and a store. Every change is stored
/// before it is answered.
/// </summary>
/// <param name="state">All that the keeper knows.</param>
/// <param name="time">Dates packets.</param>
[HubPlacement]
public sealed class BasinGrain([PersistentState("basins", HiveGrains.Storage)] IPersistentState<StoredBasins> state, TimeProvider time) : Grain, IBasinGrain
{
    private static readonly MergeOptions Merging = new();

    private BasinKeeper? _keeper;

    private BasinKeeper Keeper => _keeper ?? throw new KeyNotFoundException($"the domain '{this.GetPrimaryKeyString()}' has no basins yet; a research campaign founds them, and so does: hive basin import FILE");

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        try
        {
            _keeper = state.State.Restore();
        }
        catch (BasinRefusedException e)
        {
            throw new InvalidDataException($"the basins of '{this.GetPrimaryKeyString()}' in store are not what their addresses say, so none is used: {e.Message}", e);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<string> FoundAsync(byte[] space, string fingerprint)
    {
        var wanted = Read(space);
        if (_keeper is null)
        {
            _keeper = BasinKeeper.Found(wanted, this.GetPrimaryKeyString(), fingerprint, author: "", time.GetUtcNow());
            await StoreAsync();
        }

        return Keeper.Space.Signature == wanted.Signature && Keeper.Fingerprint == fingerprint
            ? Keeper.Tip().Address
            : throw new ArgumentException($"the basins of '{Keeper.Domain}' are founded on another space or on other data; give the changed domain another name");
    }

    /// <inheritdoc/>
    public Task<BasinStatus> GetStatusAsync() => Task.FromResult(new BasinStatus(
        Keeper.Domain,
        Keeper.Fingerprint,
        BasinSpaceText.Write(Keeper.Space),
        [.. Keeper.Branches.Select(branch => new BranchStatus(branch.Name, branch.Tip, branch.Fitness, branch.Uses))],
        Keeper.Pending));

    /// <inheritdoc/>
    public Task<byte[]> GetPacketAsync(string branch) => Task.FromResult(Keeper.Tip(branch).Bytes.ToArray());

    /// <inheritdoc/>
    public Task<byte[][]> GetLogAsync(string branch, int most) =>
        Task.FromResult(Keeper.Log(branch, Math.Clamp(most, 1, BasinHistory.MaxPackets)).Select(packet => packet.Bytes.ToArray()).ToArray());

    /// <inheritdoc/>
    public Task<BasinAnswer> SubmitAsync(byte[] delta, double capacity, double trust) => AnswerAsync(keeper => keeper.Submit(delta, capacity, trust).Address);

    /// <inheritdoc/>
    public async Task<BasinMerged> MergeAsync(ClaimReview[] reviews, long experiments)
    {
        var evidence = reviews.Select(review => new DeltaEvidence(review.Claim, new([.. review.Configuration]), review.Replicated));
        var report = await ChangeAsync(keeper => keeper.Merge(evidence, experiments, Merging, author: "", time.GetUtcNow()));
        return new BasinMerged(Keeper.Tip().Address, report.Moved, report.Accepted.Length, [.. report.Refused.Select(refused => $"{refused.Address[..12]}: {refused.Message}")]);
    }

    /// <inheritdoc/>
    public Task<BasinAnswer> ImportAsync(byte[] packet, string branch) => AnswerAsync(keeper => keeper.Import(packet, branch).Address);

    /// <inheritdoc/>
    public async Task<string> ForkAsync(string from, string name) => (await ChangeAsync(keeper => keeper.Fork(from, name))).Tip;

    /// <inheritdoc/>
    public async Task<string> MergeBackAsync(string from, string into) => (await ChangeAsync(keeper => keeper.MergeBack(from, into, author: "", time.GetUtcNow()))).Address;

    /// <inheritdoc/>
    public Task UseAsync(string branch, double gain) => ChangeAsync(keeper =>
    {
        keeper.Use(branch, gain);
        return branch;
    });

    /// <inheritdoc/>
    public Task<string> EvolveAsync(double share) => ChangeAsync(keeper => keeper.Evolve(share, author: "", time.GetUtcNow()));

    /// <inheritdoc/>
    public Task<BasinVerified> VerifyAsync(string branch)
    {
        try
        {
            var (verified, beyond) = Keeper.Verify(branch);
            return Task.FromResult(new BasinVerified(verified, [.. beyond], Fault: null));
        }
        catch (BasinRefusedException e)
        {
            return Task.FromResult(new BasinVerified(0, [], e.Message));
        }
    }

    /// <summary>Changes what the keeper knows and stores it; what is refused is the answer.</summary>
    private async Task<BasinAnswer> AnswerAsync(Func<BasinKeeper, string> change)
    {
        try
        {
            return new BasinAnswer(await ChangeAsync(change), Refusal: null);
        }
        catch (Exception e) when (e is BasinRefusedException or ArgumentException)
        {
            return new BasinAnswer("", e.Message);
        }
    }

    private async Task<T> ChangeAsync<T>(Func<BasinKeeper, T> change)
    {
        var result = change(Keeper);
        await StoreAsync();
        return result;
    }

    private async Task StoreAsync()
    {
        try
        {
            state.State = StoredBasins.Of(Keeper);
            await state.WriteStateAsync();
        }
        catch
        {
            // What is not on disk has not happened: the next call begins from what is.
            DeactivateOnIdle();
            throw;
        }
    }

    private static BasinSpace Read(byte[] space)
    {
        try
        {
            return BasinSpaceText.Read(space);
        }
        catch (FormatException e)
        {
            throw new ArgumentException(e.Message, nameof(space), e);
        }
    }
}
