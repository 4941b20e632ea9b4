using FsCheck;
using FsCheck.Fluent;
using Hive.Cognition.Join;

namespace Hive.Cognition.Tests.Join;

public sealed class JoiningTests
{
    private static readonly Arbitrary<JoinCandidate[]> Candidates = (
        from texts in Gen.ListOf(Gen.Elements("yes", "YES", " yes\n", "no", "−1", "1", "a b", "a  B"))
        from scores in Gen.ArrayOf(Gen.Choose(0, 4), texts.Count())
        select texts.Select((text, i) => new JoinCandidate($"c{i}", text, scores[i] / 4.0, i % 2 == 0 ? "even" : "odd")).ToArray()).ToArbitrary();

    [Fact]
    public void The_best_comes_first_and_what_repeats_it_is_discarded()
    {
        var joined = Joining.WithoutBrain(
        [
            new("c1", "Use a  cache", 0.7, "speed"), new("c2", "Add spans.", 0.8, "traces"), new("c3", "use a cache\n", 0.9, "speed"), new("c4", "Use less", 0.7, "speed"),
        ]);
        Assert.Equal("## speed\n\nuse a cache\n\nUse less\n\n## traces\n\nAdd spans.", joined.Outcome);
        Assert.Equal(
            [("c3", SourceUse.Used, 1), ("c2", SourceUse.Used, 2), ("c1", SourceUse.Discarded, 3), ("c4", SourceUse.Used, 4)],
            joined.Sources.Select(source => (source.Candidate, source.Use, source.Rank)));
        Assert.Equal("ranked by its score of 0.9 alone: no brain joined the candidates", joined.Sources[0].Reason);
        Assert.Equal("says the same as c3, but for case and spacing", joined.Sources[2].Reason);
        Assert.Empty(joined.Contradictions);
    }

    [Fact]
    public void One_text_is_the_outcome_as_it_is() => Assert.Equal(" text\n", Joining.WithoutBrain([new("a", " text\n", 1, "t"), new("b", "TEXT", 0.5, "t")]).Outcome);

    [Fact]
    public void Nothing_joins_to_nothing() => Assert.Empty(Joining.WithoutBrain([]).Outcome);

    [Fact]
    public void Texts_that_differ_in_more_than_case_and_spacing_are_all_kept() =>
        Assert.Equal("## t\n\n−1\n\n1", Joining.WithoutBrain([new("a", "−1", 1, "t"), new("b", "1", 0.5, "t")]).Outcome);

    [Fact]
    public void Every_candidate_is_named_once_and_every_text_is_in_the_outcome() => Prop.ForAll(Candidates, candidates =>
    {
        var joined = Joining.WithoutBrain(candidates);
        var named = joined.Sources.Select(source => source.Candidate).Order(StringComparer.Ordinal);
        return named.SequenceEqual(candidates.Select(candidate => candidate.Id).Order(StringComparer.Ordinal))
            && joined.Sources.Select(source => source.Rank).SequenceEqual(Enumerable.Range(1, candidates.Length))
            && candidates.All(candidate => Normal(joined.Outcome).Contains(Normal(candidate.Text), StringComparison.Ordinal));
    }).QuickCheckThrowOnFailure();

    private static string Normal(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();
}
