using FsCheck;
using FsCheck.Fluent;

namespace Hive.Cognition.Votes;

public class VoteTallyTests
{
    [Fact]
    public void Asking_for_as_many_as_are_needed_at_once_ends_as_asking_one_by_one_and_asks_no_more() => Prop.ForAll<int, PositiveInt, PositiveInt>((seed, leads, answers) =>
    {
        var lead = 1 + (leads.Get % 6);
        var kinds = 1 + (answers.Get % 5);
        var oneByOne = Votes(seed, kinds);
        var alone = new VoteTally(lead);
        while (alone.Winner is null && alone.Votes < 2_000)
        {
            oneByOne.MoveNext();
            alone.Add(oneByOne.Current);
        }

        var inBatches = Votes(seed, kinds);
        var batched = new VoteTally(lead);
        while (batched.Winner is null && batched.Votes < 2_000)
        {
            for (var asked = batched.Needed; asked > 0; asked--)
            {
                inBatches.MoveNext();
                batched.Add(inBatches.Current);
            }
        }

        return alone.Winner == batched.Winner && (alone.Winner is null || alone.Votes == batched.Votes);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_winner_is_the_first_answer_to_lead_every_other_by_k() => Prop.ForAll<int, PositiveInt>((seed, leads) =>
    {
        var lead = 1 + (leads.Get % 6);
        var tally = new VoteTally(lead);
        var counts = new Dictionary<string, int>();
        for (var votes = Votes(seed, 3); tally.Winner is null && tally.Votes < 2_000;)
        {
            votes.MoveNext();
            tally.Add(votes.Current);
            counts[votes.Current] = counts.GetValueOrDefault(votes.Current) + 1;
            var ranked = counts.OrderByDescending(pair => pair.Value).ToList();
            var margin = ranked[0].Value - (ranked.Count > 1 ? ranked[1].Value : 0);
            var winner = margin >= lead ? ranked[0].Key : null;
            if (tally.Winner != winner || tally.Margin != margin || tally.Needed != Math.Max(0, lead - margin) || !counts.All(pair => tally.Counts[pair.Key] == pair.Value))
            {
                return false;
            }
        }

        return tally.Votes == counts.Values.Sum();
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_tally_keeps_a_bounded_number_of_answers_and_what_lies_beyond_cannot_win_but_delays()
    {
        var tally = new VoteTally(2);
        for (var i = 0; i < VoteTally.MostAnswers; i++)
        {
            tally.Add($"answer {i}");
        }

        for (var i = 0; i < 1_000; i++)
        {
            tally.Add("late");
        }

        Assert.Null(tally.Winner);
        Assert.Equal(VoteTally.MostAnswers, tally.Counts.Count);
        Assert.Equal(VoteTally.MostAnswers + 1_000, tally.Votes);
        Assert.Equal(1_001, tally.Needed);
    }

    [Fact]
    public void The_lead_may_change_while_votes_come_in()
    {
        var tally = new VoteTally(5);
        tally.Add("a");
        tally.Add("a");
        Assert.Equal((null, 3, 2), (tally.Winner, tally.Needed, tally.Leading));
        tally.Lead = 7;
        Assert.Equal((null, 5), (tally.Winner, tally.Needed));
        tally.Lead = 2;
        Assert.Equal(("a", 0), (tally.Winner, tally.Needed));
        Assert.Throws<ArgumentOutOfRangeException>(() => tally.Lead = 0);
    }

    [Fact]
    public void A_decided_step_takes_no_further_vote()
    {
        var tally = new VoteTally(1);
        Assert.Equal((null, 1), (tally.Winner, tally.Needed));
        tally.Add("a");
        Assert.Equal(("a", 0), (tally.Winner, tally.Needed));
        Assert.Throws<InvalidOperationException>(() => tally.Add("b"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VoteTally(0));
    }

    private static IEnumerator<string> Votes(int seed, int kinds)
    {
        for (var random = new Random(seed); ;)
        {
            // The first answer is the likelier, so that most tallies end.
            yield return random.Next(3) > 0 ? "0" : random.Next(kinds).ToString();
        }
    }
}
