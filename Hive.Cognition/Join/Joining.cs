using System.Collections.Immutable;
using System.Text;
using Hive.Cognition.Prompts;

namespace Hive.Cognition.Join;

/// <summary>Joins candidates by rule, where no brain can be asked or none gave a join that is right.</summary>
public static class Joining
{
    private const int MostHeadingCharacters = 120;

    /// <summary>Puts the texts together under their tasks, the best first. Of texts of one task that differ only in case and spacing, the best is used and the others are
    /// discarded. Contradictions are not looked for; the reasons say that no brain has read the texts.</summary>
    /// <param name="candidates">The candidates; their order does not matter but for that of the tasks, each of which comes where its first candidate stands.</param>
    public static Joined WithoutBrain(IReadOnlyList<JoinCandidate> candidates)
    {
        var ranked = candidates.OrderByDescending(candidate => candidate.Score).ThenBy(candidate => candidate.Id, StringComparer.Ordinal).ToList();
        var firstOf = new Dictionary<(string Task, string Text), JoinCandidate>();
        var sources = ImmutableArray.CreateBuilder<JoinSource>(ranked.Count);
        foreach (var (candidate, rank) in ranked.Select((candidate, i) => (candidate, i + 1)))
        {
            var key = (candidate.Task, Wording.Normal(candidate.Text));
            sources.Add(firstOf.TryAdd(key, candidate)
                ? new(candidate.Id, SourceUse.Used, rank, FormattableString.Invariant($"ranked by its score of {candidate.Score:0.###} alone: no brain joined the candidates"))
                : new(candidate.Id, SourceUse.Discarded, rank, $"says the same as {firstOf[key].Id}, but for case and spacing"));
        }

        var used = ranked.Where(firstOf.ContainsValue).ToLookup(candidate => candidate.Task, StringComparer.Ordinal);
        var tasks = candidates.Select(candidate => candidate.Task).Distinct(StringComparer.Ordinal).ToList();
        return new(Compose(tasks, used), sources.MoveToImmutable(), []);
    }

    private static string Compose(List<string> tasks, ILookup<string, JoinCandidate> used)
    {
        if (tasks.Count == 1 && used[tasks[0]].Count() == 1) return used[tasks[0]].Single().Text;
        var outcome = new StringBuilder();
        foreach (var task in tasks)
        {
            outcome.Append("## ").Append(Wording.Line(task, MostHeadingCharacters)).Append("\n\n");
            foreach (var candidate in used[task]) outcome.Append(candidate.Text.Trim()).Append("\n\n");
        }

        return outcome.ToString().TrimEnd();
    }
}
