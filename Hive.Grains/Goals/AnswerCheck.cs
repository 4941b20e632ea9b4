using System.Globalization;
using Hive.Spaces;

namespace Hive.Goals;

/// <summary>Whether an answer is one to what was asked. An agent's word for its metric is checked later, by a fresh evaluator; here the answer's form is checked, so that none can harm the goal.</summary>
internal static class AnswerCheck
{
    /// <summary>What is wrong with an answer.</summary>
    /// <param name="agent">The agent that was asked.</param>
    /// <param name="task">The task that it was given.</param>
    /// <param name="space">The goal's space.</param>
    /// <param name="answer">What came back.</param>
    /// <returns>Absent where nothing is wrong.</returns>
    public static string? Fault(string agent, ExplorationTask task, SearchSpace space, ExplorationResult? answer) => answer switch
    {
        null => "it is empty",
        _ when answer.Agent != agent => $"it is signed by {Shortened(answer.Agent)}, which was not given this attempt",
        _ when answer.Round != task.Round || answer.Index != task.Index => string.Create(CultureInfo.InvariantCulture, $"it is for attempt {answer.Round}.{answer.Index}"),
        _ when answer.Evaluations < 0 || answer.Evaluations > task.Evaluations =>
            string.Create(CultureInfo.InvariantCulture, $"it claims {answer.Evaluations} evaluations of {task.Evaluations}"),
        _ when answer.Failures < 0 || answer.Failures > answer.Evaluations => string.Create(CultureInfo.InvariantCulture, $"it claims {answer.Failures} failures in {answer.Evaluations} evaluations"),
        _ when answer.Best.IsDefault || answer.Best.Length > ExplorationTask.MaxElites => "it brings more candidates than a slice may",
        _ when !answer.Best.All(elite => IsWithin(space, elite)) => "it brings a candidate outside the space",
        _ when answer is { Failure.Length: > MaxText } or { Incarnation: null or { Length: > MaxText } } => "it says too much",
        _ => null,
    };

    private const int MaxText = 20_000;

    private static bool IsWithin(SearchSpace space, Elite? elite)
    {
        if (elite is null || elite.Point.IsDefault || elite.Point.Length != space.Length || double.IsNaN(elite.Metric) || !(elite.Violation >= 0))
        {
            return false;
        }

        foreach (var gene in space.Genes)
        {
            if (!IsWithin(gene, elite.Point.AsSpan(gene.Offset, gene.Length)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsWithin(Gene gene, ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (!(value >= gene.Low && value <= gene.High) || (gene.Kind is GeneKind.Integer or GeneKind.Choice or GeneKind.Permutation && value != Math.Floor(value)))
            {
                return false;
            }
        }

        return gene.Kind != GeneKind.Permutation || IsOrder(values);
    }

    private static bool IsOrder(ReadOnlySpan<double> values)
    {
        var seen = new bool[values.Length];
        foreach (var value in values)
        {
            if (seen[(int)value])
            {
                return false;
            }

            seen[(int)value] = true;
        }

        return true;
    }

    private static string Shortened(string? text) => text is null ? "nobody" : text.Length <= 100 ? $"'{text}'" : $"'{text[..100]}…'";
}
