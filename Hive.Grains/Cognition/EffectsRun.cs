using System.Collections.Immutable;
using Hive.Goals;
using Hive.Tools;

namespace Hive.Cognition;

/// <summary>
/// Carries out the effects that the accepted candidates asked for, after the owner's policy or a person approved of each. What candidates that were not used asked for never happens.
/// An effect that was begun and did not come back before a crash is not begun again: a person must look.
/// </summary>
internal sealed class EffectsRun(Desk desk, ImmutableArray<ToolSpec> tools)
{
    /// <summary>Carries them out.</summary>
    /// <param name="used">The candidates that the answer rests on.</param>
    /// <param name="stop">Stops before the next effect.</param>
    /// <returns>What did not happen, in sentences.</returns>
    public async Task<ImmutableArray<string>> RunAsync(ImmutableArray<string> used, CancellationToken stop)
    {
        var missing = ImmutableArray.CreateBuilder<string>();
        foreach (var effect in desk.Progress.Effects.Values.OrderBy(effect => effect.Id, StringComparer.Ordinal).ToArray())
        {
            if (desk.Progress.EffectsEnded.TryGetValue(effect.Id, out var ended))
            {
                if (ended.IsError && used.Contains(effect.Candidate))
                {
                    missing.Add($"{effect.Tool} ({effect.Id}): {EntryText.Cut(ended.Result, EntryText.Short)}");
                }

                continue;
            }

            if (!used.Contains(effect.Candidate))
            {
                await desk.Journal.RecordAsync(new EffectEnded(effect.Id, "not run: the answer does not rest on the attempt that asked for it", IsError: true));
            }
            else if (await OneAsync(effect, stop) is { } why)
            {
                missing.Add(why);
            }
        }

        return missing.ToImmutable();
    }

    private async Task<string?> OneAsync(EffectRequested effect, CancellationToken stop)
    {
        if (desk.Progress.EffectsBegun.Contains(effect.Id))
        {
            await desk.Journal.RecordAsync(new EffectEnded(effect.Id, "unknown: it was begun before a crash; it is not begun again", IsError: true));
            return $"whether {effect.Tool} ({effect.Id}) ran before the crash is not known; look, and run it by hand if it did not";
        }

        // The policy is asked again: the owner may have changed it since the request.
        switch (ToolPolicy.Decide(effect.Tool, effect.Arguments, tools, desk.Policy.Tools))
        {
            case ToolDecision.Request { IsApproved: true } when desk.Spec.Stakes != Stakes.High:
                await desk.Journal.RecordAsync(new ApprovalGiven($"{effect.Id}.policy", IsApproved: true, "policy", null));
                break;
            case ToolDecision.Request:
                await desk.MoveAsync(GoalState.AwaitingApproval, $"{effect.Tool} waits for approval");
                var given = await new Approvals(desk).AskAsync(effect.Id, $"May {effect.Tool} run?", effect.Arguments, stop);
                if (!given.IsApproved)
                {
                    await desk.Journal.RecordAsync(new EffectEnded(effect.Id, $"not run: {given.By} said no", IsError: true));
                    return $"{effect.Tool} ({effect.Id}) was not approved{(given.Reason is { } reason ? $": {reason}" : "")}";
                }

                break;
            case ToolDecision.Refuse refused:
                await desk.Journal.RecordAsync(new EffectEnded(effect.Id, $"not run: {refused.Reason}", IsError: true));
                return $"{effect.Tool} ({effect.Id}) was refused: {refused.Reason}";
        }

        stop.ThrowIfCancellationRequested();
        await desk.Journal.RecordAsync(new EffectBegun(effect.Id));
        var result = await desk.Parts.Tools.CallAsync(effect.Tool, effect.Arguments, stop);
        await desk.Journal.RecordAsync(new EffectEnded(effect.Id, EntryText.Cut(result.Text), result.IsError));
        return result.IsError ? $"{effect.Tool} ({effect.Id}) failed: {EntryText.Cut(result.Text, EntryText.Short)}" : null;
    }
}
