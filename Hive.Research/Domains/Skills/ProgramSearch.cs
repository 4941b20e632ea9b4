using System.Numerics;
using Hive.Randomness;

namespace Hive.Research.Skills;

/// <summary>Genetic programming in a steady state: one child at a time, until one is right in every example that is shown or the budget is spent.</summary>
/// <param name="task">The function that is looked for; only its training examples are read.</param>
/// <param name="options">How to search.</param>
/// <param name="random">The source of randomness.</param>
internal sealed class ProgramSearch(SkillTask task, SearchOptions options, SeededRandom random)
{
    private readonly ExpressionGrammar _grammar = new(task.Arity, options, random);
    private readonly List<Individual> _population = [];

    /// <summary>How many programs were evaluated.</summary>
    public int Evaluated { get; private set; }

    /// <summary>Searches.</summary>
    /// <param name="budget">How many programs may be evaluated, at least 1.</param>
    /// <param name="cancellation">Stops at once.</param>
    /// <returns>The program that is right most often; of several, the one with the fewest nodes.</returns>
    public Expression Run(int budget, CancellationToken cancellation)
    {
        Individual? best = null;
        while (Evaluated < budget && best is not { Right: 1 })
        {
            cancellation.ThrowIfCancellationRequested();
            var isGrowing = _population.Count < options.Population;
            var child = Evaluate(isGrowing ? _grammar.Draw() : Child());
            if (best is null || child.Right > best.Right || (child.Right == best.Right && child.Program.Nodes.Length < best.Program.Nodes.Length)) best = child;
            if (isGrowing) _population.Add(child);
            else Replace(child);
        }

        return best!.Program;
    }

    private Expression Child()
    {
        var parent = Tournament(best: true).Program;
        if (random.NextChance(options.Crossover)) parent = _grammar.Cross(parent, Tournament(best: true).Program);
        return random.NextChance(options.Crossover / 2) ? parent : _grammar.Mutate(parent);
    }

    private void Replace(Individual child)
    {
        var leaving = options.Replacement switch
        {
            0 => Enumerable.Range(0, _population.Count).MinBy(place => _population[place].Fitness),
            1 => Evaluated % _population.Count,
            _ => _population.IndexOf(Tournament(best: false)),
        };
        if (options.Replacement != 0 || child.Fitness >= _population[leaving].Fitness) _population[leaving] = child;
    }

    private Individual Tournament(bool best)
    {
        var chosen = _population[random.NextInt(_population.Count)];
        for (var i = 1; i < options.Tournament; i++)
        {
            var other = _population[random.NextInt(_population.Count)];
            if (other.Fitness > chosen.Fitness == best) chosen = other;
        }

        return chosen;
    }

    private Individual Evaluate(Expression program)
    {
        Evaluated++;
        var (right, near) = (0, 0.0);
        foreach (var one in task.Train)
        {
            if (!program.TryCompute(one.Arguments, out var result)) continue;
            if (result == one.Result) right++;
            near += Nearness(result, one.Result);
        }

        return new Individual(program, right / (double)task.Train.Length, (near / task.Train.Length) - (options.Parsimony * program.Nodes.Length));
    }

    private double Nearness(long result, long wanted) => options.Fitness switch
    {
        Fitness.Cases => result == wanted ? 1 : 0,
        Fitness.Distance => 1 / (1 + Math.Log2(1 + Math.Abs((double)result - wanted))),
        _ => 1 - (BitOperations.PopCount((ulong)(result ^ wanted)) / 64.0),
    };

    private sealed record Individual(Expression Program, double Right, double Fitness);
}
