using Hive.Brains;
using Hive.Cognition.Calls;
using Hive.Cognition.Votes;

namespace Hive.Cognition.Steps;

/// <summary>What came of asking for one vote.</summary>
/// <param name="Answer">What it is for; absent where it is thrown away.</param>
/// <param name="State">The state that comes with the answer.</param>
/// <param name="Tokens">What it cost, in tokens.</param>
/// <param name="Money">What it cost, in money.</param>
internal sealed record Ballot(string? Answer, string? State, long Tokens, decimal Money)
{
    /// <summary>Why no brain answered; absent where one did, however badly.</summary>
    public string? Failure { get; init; }

    /// <summary>A vote that no brain was asked for.</summary>
    public static Ballot Unasked(string why) => new(null, null, 0, 0) { Failure = why };

    /// <summary>Reads what a brain said. A malformed or over-long answer is thrown away, and what cannot be true of its cost is not believed: then all that was set aside counts.</summary>
    public static Ballot Of(BrainReply reply, Asking asking, BrainOffer offer, AnswerFormat format)
    {
        if (reply.Failure is { } failure)
        {
            return (reply.MayHaveBeenPaid ? new Ballot(null, null, asking.Tokens, asking.Money) : Unasked(failure)) with { Failure = failure };
        }

        var (tokens, money) = CallBound.IsPlausible(reply.TokensIn, reply.TokensOut, asking.MostIn, asking.MostOut, reply.Text.Length)
            ? (reply.TokensIn!.Value + reply.TokensOut!.Value, CallBound.Money(reply.TokensIn.Value, reply.TokensOut.Value, offer.PricePerMillionIn, offer.PricePerMillionOut))
            : (asking.Tokens, asking.Money);
        return !reply.IsCut && reply.Requests.IsEmpty && format.TryRead(reply.Text, out var answer, out var state)
            ? new Ballot(answer, state, tokens, money)
            : new Ballot(null, null, tokens, money);
    }
}
