using Hive.Research;

namespace Hive.Swarm;

/// <summary>
/// What an agent has seen and believes: results, what was tried at all, and what it samples from. Agents that share have one in common, isolated ones each their own.
/// It is bounded: of very many results the best and the latest stay.
/// </summary>
/// <param name="direction">Which way is better.</param>
/// <param name="prior">What it samples from before it has seen anything.</param>
internal sealed class Knowledge(Direction direction, SamplingPrior prior)
{
    private const int MostResults = 1_200;

    /// <summary>The best part of the results, from which the basin learns, and how far it moves towards the very best.</summary>
    private const double TaughtShare = 0.25;
    private const double LearningRate = 0.2;

    private readonly List<Known> _results = [];

    /// <summary>The results, in the order in which they were believed.</summary>
    public IReadOnlyList<Known> Results => _results;

    /// <summary>Every configuration that was tried, or is planned.</summary>
    public HashSet<Configuration> Tried { get; } = [];

    /// <summary>What the agent samples from.</summary>
    public SamplingPrior Prior { get; private set; } = prior;

    /// <summary>The best believed; null where nothing gave a value yet.</summary>
    public Known? Best { get; private set; }

    /// <summary>Believes a result.</summary>
    /// <param name="number">The experiment's number.</param>
    /// <param name="configuration">What was tried.</param>
    /// <param name="value">What it gave; not a number where it gave nothing, which is worth knowing too.</param>
    public void Believe(int number, Configuration configuration, double value)
    {
        var known = new Known(number, configuration, value);
        Tried.Add(configuration);
        _results.Add(known);
        if (Best is not { } best || IsBetter(value, best.Value)) Best = double.IsFinite(value) ? known : Best;
        Learn(known);
        if (_results.Count > MostResults) Forget();
    }

    /// <summary>A natural-gradient step of the basin towards a result among the best: the better its rank, the farther.</summary>
    private void Learn(Known known)
    {
        var better = _results.Count(other => IsBetter(other.Value, known.Value));
        var taught = Math.Max(1, TaughtShare * _results.Count);
        Prior = double.IsFinite(known.Value) && better < taught && _results.Count > 1 ? Prior.Learn(known.Configuration, LearningRate * (1 - (better / taught))) : Prior.Seen();
    }

    /// <summary>Believes a result no more.</summary>
    /// <param name="number">The experiment's number.</param>
    public void Doubt(int number)
    {
        _results.RemoveAll(known => known.Number == number);
        Best = _results.Where(known => double.IsFinite(known.Value)).Cast<Known?>().Aggregate((Known?)null, (best, known) => best is null || IsBetter(known!.Value.Value, best.Value.Value) ? known : best);
    }

    private bool IsBetter(double value, double other) => direction == Direction.Maximize ? value > other : value < other;

    private void Forget()
    {
        var kept = _results.OrderBy(known => double.IsFinite(known.Value) ? direction == Direction.Maximize ? -known.Value : known.Value : double.PositiveInfinity)
            .Take(MostResults / 4)
            .Concat(_results.Skip(_results.Count - (MostResults / 4)))
            .DistinctBy(known => known.Number)
            .OrderBy(known => known.Number)
            .ToArray();
        _results.Clear();
        _results.AddRange(kept);
    }
}

/// <summary>A result as an agent knows it.</summary>
/// <param name="Number">The experiment's number.</param>
/// <param name="Configuration">What was tried.</param>
/// <param name="Value">What it gave; not a number where it gave nothing.</param>
internal readonly record struct Known(int Number, Configuration Configuration, double Value);
