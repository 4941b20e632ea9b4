using System.Collections.Immutable;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Explorers;

/// <summary>
/// A (1+1) evolution strategy with two self-adapting steps (the one-fifth success rule: Rechenberg, 1973), one for changing all genes and one for changing few,
/// which accepts by late acceptance (Burke and Bykov, 2017): a change counts if it is no worse than now or than some steps ago.
/// </summary>
internal sealed class LocalMutation(SearchSpace space, MetricDirection direction, ulong seed, ImmutableArray<Elite> elites)
    : SteppedExplorer(space, direction, seed, elites)
{
    private const double LeastStep = 1e-11;
    private const double Growth = 1.5;
    private static readonly double Shrinkage = Math.Pow(Growth, -0.25);

    private readonly double[] _steps = new double[2];
    private double[] _best = [];
    private Score _bestScore = Score.Worst;

    protected override IEnumerable<Batch> Search()
    {
        var mutation = new Mutation(Scale, Random);
        var current = new double[Scale.Length];
        var changed = new double[Scale.Length];
        _best = new double[Scale.Length];
        var lengths = Scale.Reals.Length == Scale.Length ? 1.0 : 0;
        for (var start = 0; ; start++)
        {
            var heard = Heard;
            var score = Start(start, current);
            if (score.IsFailed)
            {
                Batch.Clear();
                Add(current);
                yield return Batch;
                score = Batch.ScoreAt(0);
                Keep(current, score);
            }

            var history = new Score[(int)Math.Pow(10, Random.NextDouble() * Math.Min(lengths, 3.7))];
            Array.Fill(history, score);
            var patience = 300 + (20L * Scale.Length) + (20L * history.Length);
            var localBest = score;
            for (long step = 0, improved = 0; step - improved < patience && !IsOutrun(ref heard, localBest); step++)
            {
                var mode = Random.NextInt(2);
                current.CopyTo(changed);
                if (mode == 0)
                {
                    mutation.ChangeAll(changed, _steps[0]);
                }
                else
                {
                    mutation.ChangeFew(changed, _steps[1]);
                }

                Batch.Clear();
                Add(changed);
                yield return Batch;
                var changedScore = Batch.ScoreAt(0);
                _steps[mode] = Math.Clamp(_steps[mode] * (changedScore < score ? Growth : Shrinkage), LeastStep, 0.5);
                var slot = (int)(step % history.Length);
                if (changedScore <= score || changedScore <= history[slot])
                {
                    (current, changed) = (changed, current);
                    score = changedScore;
                }

                history[slot] = score;
                if (score < localBest)
                {
                    localBest = score;
                    improved = step;
                    Keep(current, score);
                }
            }

            lengths += 0.5;
        }
    }

    /// <summary>Sets out from the best elite, later from its own best, from any elite or from anywhere.</summary>
    private Score Start(int start, double[] current)
    {
        _steps.AsSpan().Fill(0.2);
        if (Elites.Length > 0 && (start == 0 || Random.NextChance(0.6)))
        {
            var elite = Elites[start == 0 ? 0 : Random.NextInt(Elites.Length)];
            GenomeOf(elite).CopyTo(current, 0);
            _steps.AsSpan().Fill(Math.Pow(10, -3 * Random.NextDouble()) * 0.2);
            return ScoreOf(elite);
        }

        if (start > 0 && Random.NextChance(0.5))
        {
            _best.CopyTo(current, 0);
            return _bestScore;
        }

        Scale.Draw(Random, current);
        return Score.Worst;
    }

    private void Keep(double[] genome, Score score)
    {
        if (score < _bestScore)
        {
            _bestScore = score;
            genome.CopyTo(_best, 0);
        }
    }

    /// <summary>Whether a better elite has been heard of; half the time it is left for others to follow.</summary>
    private bool IsOutrun(ref int heard, Score score)
    {
        if (heard == Heard)
        {
            return false;
        }

        heard = Heard;
        return Elites.Length > 0 && ScoreOf(Elites[0]) < score && Random.NextChance(0.5);
    }
}
