using Hive.Agents;
using Hive.Brains;
using Hive.Cognition.Agents;
using Hive.Cognition.Calls;
using Hive.Cognition.Votes;

namespace Hive.Cognition.Steps;

/// <summary>
/// Asks for votes, all of one asking at once and as far apart as can be: a model is asked again only when every other that is free was, agents and temperatures change from vote to vote. The errors
/// of votes should have as little in common as possible, for voting takes them to be independent.
/// </summary>
internal sealed class VoteAsker(Desk desk, AnswerFormat format)
{
    private const string Role = "vote";

    /// <summary>The models asked since each was asked once.</summary>
    private readonly List<string> _models = [];

    /// <summary>Asks, and waits for every vote; one that fails does not hold the others up.</summary>
    /// <returns>The ballots in the order of their numbers, however they came in.</returns>
    public Task<Ballot[]> AskAsync(Asking asking, CancellationToken stop)
    {
        var votes = new Task<Ballot>[asking.Votes];
        for (var i = 0; i < votes.Length; i++)
        {
            votes[i] = VoteAsync(asking, i, stop);
        }

        return Task.WhenAll(votes);
    }

    private async Task<Ballot> VoteAsync(Asking asking, int index, CancellationToken stop)
    {
        BrainSlot slot;
        try
        {
            slot = await desk.Brains.TakeAsync(asking.Tier, Role, _models, stop);
        }
        catch (OperationCanceledException)
        {
            return Ballot.Unasked("not wanted any more");
        }

        try
        {
            var offer = slot.Place.Offer;
            Remember(offer.Model);
            return CallBound.Money(asking.MostIn, asking.MostOut, offer.PricePerMillionIn, offer.PricePerMillionOut) > asking.Money
                ? Ballot.Unasked($"the brain {offer.Name} costs more than was set aside")
                : Ballot.Of(await ThinkAsync(asking, index, slot, stop), asking, offer, format);
        }
        finally
        {
            desk.Brains.Free(slot);
        }
    }

    private Task<BrainReply> ThinkAsync(Asking asking, int index, BrainSlot slot, CancellationToken stop)
    {
        var id = FormattableString.Invariant($"s{asking.Step}.{asking.Batch}.{index}");
        var call = new BrainCall(
            $"{desk.Goal.Id}/{id}", slot.Place.Offer.Name, asking.Messages, Roles.Temperature(asking.First + index, desk.Policy.TemperatureRange), asking.MostOut)
        {
            Seed = desk.SeedOf(id),
        };
        return desk.Brains.CarryAsync(call, slot, stop);
    }

    private void Remember(string model)
    {
        if (_models.Contains(model))
        {
            _models.Clear();
        }

        _models.Add(model);
    }
}
