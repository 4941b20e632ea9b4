using System.Collections.Immutable;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Explorers;

/// <summary>
/// Pattern search (Hooke and Jeeves, 1961): steps along each axis, in turn with a random orthogonal basis as in mesh-adaptive search (Audet and Dennis, 2006), a leap along what two rounds
/// gained, and a finer mesh where nothing helps. Choices are tried one after another, permutations by random moves. A violation is an exact penalty that rises as the mesh gets finer.
/// </summary>
internal sealed class PatternSearch(SearchSpace space, MetricDirection direction, ulong seed, ImmutableArray<Elite> elites)
    : SteppedExplorer(space, direction, seed, elites)
{
    private const double FinestMesh = 1e-12;

    private double[] _current = [];
    private double[] _trial = [];
    private Score _score;
    private double _weight;

    protected override IEnumerable<Batch> Search()
    {
        var mutation = new Mutation(Scale, Random);
        (_current, _trial) = (new double[Scale.Length], new double[Scale.Length]);
        for (var start = 0; ; start++)
        {
            var mesh = Start(start);
            Batch.Clear();
            Add(_current);
            yield return Batch;
            _score = Batch.ScoreAt(0);
            _weight = 0;
            var heard = Heard;
            var isAxial = true;
            while (mesh > FinestMesh && !(heard != Heard && IsOutrun()))
            {
                heard = Heard;
                var before = (double[])_current.Clone();
                var scoreBefore = _score;
                foreach (var step in isAxial ? PollAxes(mesh) : PollBasis(mesh))
                {
                    yield return step;
                }

                foreach (var step in PollOthers(mutation))
                {
                    yield return step;
                }

                if (IsBetter(_score, scoreBefore))
                {
                    foreach (var step in Leap(before))
                    {
                        yield return step;
                    }

                    mesh = Math.Min(0.5, mesh * 1.6);
                }
                else
                {
                    isAxial = !isAxial || Scale.Numbers.Length < 2;
                    mesh *= isAxial ? 0.35 : 0.7;
                    _weight *= _score.IsFeasible ? 1 : 4;
                }
            }
        }
    }

    private double Start(int start)
    {
        if (Elites.Length > 0 && (start == 0 || Random.NextChance(0.5)))
        {
            GenomeOf(Elites[start == 0 ? 0 : Random.NextInt(Elites.Length)]).CopyTo(_current, 0);
            return start == 0 ? 0.1 : 0.2 * Math.Pow(10, -3 * Random.NextDouble());
        }

        Scale.Draw(Random, _current);
        return 0.25;
    }

    private IEnumerable<Batch> PollAxes(double mesh)
    {
        int[] places = [.. Scale.Numbers];
        Shuffle(places);
        foreach (var place in places)
        {
            var isInteger = Scale.KindOf(place) == GeneKind.Integer;
            var size = isInteger ? Math.Max(mesh, 1 / Scale.CountOf(place)) : mesh;
            var sign = Random.NextChance(0.5) ? 1 : -1;
            for (var side = 0; side < 2; side++)
            {
                _current.CopyTo(_trial, 0);
                _trial[place] = Math.Clamp(_current[place] + (side == 0 ? sign * size : -sign * size), 0, 1);
                if (_trial[place] == _current[place])
                {
                    continue;
                }

                yield return AskTrial();
                if (TakeIfBetter())
                {
                    break;
                }
            }
        }
    }

    /// <summary>Steps along the columns of a random reflection, which are orthogonal to each other.</summary>
    private IEnumerable<Batch> PollBasis(double mesh)
    {
        var places = Scale.Numbers;
        var normal = new double[places.Length];
        foreach (ref var entry in normal.AsSpan())
        {
            entry = Random.NextGaussian();
        }

        var length = Vectors.Norm(normal);
        for (var column = 0; column < places.Length; column++)
        {
            for (var sign = -1; sign <= 1; sign += 2)
            {
                _current.CopyTo(_trial, 0);
                for (var i = 0; i < places.Length; i++)
                {
                    var entry = (i == column ? 1 : 0) - (2 * normal[i] * normal[column] / (length * length));
                    _trial[places[i]] = Math.Clamp(_current[places[i]] + (sign * mesh * entry), 0, 1);
                }

                yield return AskTrial();
                if (TakeIfBetter())
                {
                    break;
                }
            }
        }
    }

    private IEnumerable<Batch> PollOthers(Mutation mutation)
    {
        foreach (var choice in Scale.Choices)
        {
            for (var value = 0; value <= choice.High; value++)
            {
                if (value != _current[choice.Offset])
                {
                    _current.CopyTo(_trial, 0);
                    _trial[choice.Offset] = value;
                    yield return AskTrial();
                    TakeIfBetter();
                }
            }
        }

        foreach (var permutation in Scale.Permutations)
        {
            for (var i = 0; i < permutation.Length; i++)
            {
                _current.CopyTo(_trial, 0);
                mutation.ChangePermutation(_trial.AsSpan(permutation.Offset, permutation.Length));
                yield return AskTrial();
                TakeIfBetter();
            }
        }

        if (Scale.Numbers.Length + Scale.Choices.Length + Scale.Permutations.Length == 0)
        {
            _current.CopyTo(_trial, 0);
            yield return AskTrial();
        }
    }

    private IEnumerable<Batch> Leap(double[] before)
    {
        var gained = true;
        for (var factor = 1.0; gained && factor < 100; factor *= 2)
        {
            _current.CopyTo(_trial, 0);
            foreach (var place in Scale.Numbers)
            {
                _trial[place] = Math.Clamp(_current[place] + (factor * (_current[place] - before[place])), 0, 1);
            }

            if (_trial.AsSpan().SequenceEqual(_current))
            {
                yield break;
            }

            yield return AskTrial();
            gained = TakeIfBetter();
        }
    }

    private Batch AskTrial()
    {
        Batch.Clear();
        Add(_trial);
        return Batch;
    }

    private bool TakeIfBetter()
    {
        var score = Batch.ScoreAt(0);
        if (_weight == 0 && !score.IsFailed && !_score.IsFailed && score.Violation != _score.Violation)
        {
            var weight = Math.Abs(score.Cost - _score.Cost) / Math.Abs(score.Violation - _score.Violation);
            _weight = double.IsFinite(weight) && weight > 0 ? 2 * weight : 1;
        }

        if (!IsBetter(score, _score))
        {
            return false;
        }

        (_current, _trial, _score) = (_trial, _current, score);
        return true;
    }

    private bool IsBetter(Score a, Score b) => Merit(a) < Merit(b);

    private double Merit(Score score) => score.IsFailed ? double.PositiveInfinity : score.IsFeasible ? score.Cost : score.Cost + (_weight * score.Violation);

    private bool IsOutrun() => Elites.Length > 0 && ScoreOf(Elites[0]) < _score && Random.NextChance(0.3);

    private void Shuffle(int[] places)
    {
        for (var i = places.Length - 1; i > 0; i--)
        {
            var j = Random.NextInt(i + 1);
            (places[i], places[j]) = (places[j], places[i]);
        }
    }
}
