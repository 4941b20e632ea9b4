using Hive.Spaces;

namespace Hive.Explorers;

/// <summary>The cost plus a weighted power of the violation as a function of the real genes, the others being held, with its gradient by finite differences.</summary>
internal sealed class PenaltySurface
{
    private readonly UnitScale _scale;
    private readonly Batch _batch;
    private readonly int[] _places;
    private readonly double[] _costGradient;
    private readonly double[] _penaltyGradient;
    private readonly double[] _steps;
    private double[] _x;
    private double[] _point;
    private double[] _trialX;
    private double[] _trialPoint;
    private double _costScale = 1;

    public PenaltySurface(UnitScale scale, Batch batch)
    {
        (_scale, _batch, _places) = (scale, batch, scale.Reals);
        (_costGradient, _penaltyGradient, _steps) = (new double[Size], new double[Size], new double[Size]);
        (_x, _trialX) = (new double[Size], new double[Size]);
        (_point, _trialPoint) = (new double[scale.Length], new double[scale.Length]);
    }

    /// <summary>The batch that its points are put into.</summary>
    public Batch Batch => _batch;

    /// <summary>How many variables there are.</summary>
    public int Size => _places.Length;

    /// <summary>Where it stands: 0 … 1 a variable.</summary>
    public ReadOnlySpan<double> X => _x;

    /// <summary>Where it stands, as a point of the space.</summary>
    public ReadOnlySpan<double> Point => _point;

    /// <summary>What was measured where it stands.</summary>
    public Score Score { get; private set; }

    /// <summary>The weight of the violation beside the cost.</summary>
    public double Weight { get; set; }

    /// <summary>The power of the violation that is added: 1 (exact for a violation with a kink at 0) or 2 (smooth for one that grows like a distance).</summary>
    public int Power { get; set; } = 2;

    /// <summary>Whether the cost counts; without it only the violation does.</summary>
    public bool CountsCost { get; set; } = true;

    /// <summary>The step of the finite differences.</summary>
    public double Difference { get; set; } = 1.5e-8;

    /// <summary>Whether differences are taken to both sides, for twice the points.</summary>
    public bool IsCentral { get; set; }

    /// <summary>The value where it stands.</summary>
    public double Value => ValueOf(Score);

    /// <summary>What the violation adds to the value.</summary>
    public double Penalty => Weight * Raised(Score.Violation);

    /// <summary>How steep the cost is.</summary>
    public double CostSlope => Vectors.Norm(_costGradient);

    /// <summary>How steep the power of the violation is.</summary>
    public double PenaltySlope => Vectors.Norm(_penaltyGradient);

    public double ValueOf(Score score) =>
        score.IsFailed ? double.PositiveInfinity : (CountsCost ? score.Cost / _costScale : 0) + (Weight * Raised(score.Violation));

    /// <summary>Puts itself at a genome; its point is in the batch, to be measured and then taken by <see cref="Arrive"/>.</summary>
    public void Place(double[] genome)
    {
        _scale.Decode(genome, _point);
        for (var i = 0; i < Size; i++)
        {
            _x[i] = genome[_places[i]];
        }

        _point.CopyTo(_batch.Clear().Add(), 0);
    }

    /// <summary>Writes where it stands into a genome, which keeps its other genes.</summary>
    public void Write(double[] genome)
    {
        for (var i = 0; i < Size; i++)
        {
            genome[_places[i]] = _x[i];
        }
    }

    public void Arrive()
    {
        Score = _batch.ScoreAt(0);

        // Only extremes are scaled, so that squares and quotients of differences neither overflow nor vanish.
        var size = Math.Abs(Score.Cost);
        _costScale = size is > 1e50 or (> 0 and < 1e-50) && double.IsFinite(size) ? size : 1;
    }

    /// <summary>Puts the trial x + length·direction, taken back into the bounds, into the batch.</summary>
    /// <param name="direction">The direction.</param>
    /// <param name="length">How far along it.</param>
    /// <param name="step">Receives the step that remains inside the bounds.</param>
    public void Try(ReadOnlySpan<double> direction, double length, Span<double> step)
    {
        Propose(direction, length, step);
        _trialPoint.CopyTo(_batch.Clear().Add(), 0);
    }

    /// <summary>Sets the trial without measuring it.</summary>
    public void Propose(ReadOnlySpan<double> direction, double length, Span<double> step)
    {
        _point.CopyTo(_trialPoint, 0);
        for (var i = 0; i < Size; i++)
        {
            var moved = _x[i] + (length * direction[i]);
            _trialX[i] = double.IsNaN(moved) ? _x[i] : Math.Clamp(moved, 0, 1);
            step[i] = _trialX[i] - _x[i];
            _trialPoint[_places[i]] = _scale.Decode(_places[i], _trialX[i]);
        }
    }

    /// <summary>Goes to the trial.</summary>
    public void Take(Score score)
    {
        (_x, _trialX) = (_trialX, _x);
        (_point, _trialPoint) = (_trialPoint, _point);
        Score = score;
    }

    /// <summary>Puts the points of the gradient into the batch.</summary>
    public void AskGradient()
    {
        _batch.Clear();
        for (var i = 0; i < Size; i++)
        {
            _steps[i] = _x[i] + Difference <= 1 ? Difference : -Difference;
            AddNeighbour(i, _steps[i]);
            if (IsCentral)
            {
                AddNeighbour(i, -_steps[i]);
            }
        }
    }

    /// <summary>Reads the gradient from the batch.</summary>
    public void ReadGradient()
    {
        for (var i = 0; i < Size; i++)
        {
            if (IsCentral)
            {
                var (ahead, behind) = (_batch.ScoreAt(2 * i), _batch.ScoreAt((2 * i) + 1));
                var back = Math.Max(0, _x[i] - _steps[i]);
                SetGradient(i, ahead, behind, _x[i] + _steps[i] - Math.Min(1, back));
            }
            else
            {
                SetGradient(i, _batch.ScoreAt(i), Score, Math.Clamp(_x[i] + _steps[i], 0, 1) - _x[i]);
            }
        }
    }

    /// <summary>The gradient of the value at the present weight.</summary>
    public void Gradient(Span<double> gradient)
    {
        for (var i = 0; i < Size; i++)
        {
            gradient[i] = (CountsCost ? _costGradient[i] : 0) + (Weight * _penaltyGradient[i]);
        }
    }

    private void AddNeighbour(int variable, double step)
    {
        var neighbour = _batch.Add();
        _point.CopyTo(neighbour, 0);
        neighbour[_places[variable]] = _scale.Decode(_places[variable], Math.Clamp(_x[variable] + step, 0, 1));
    }

    private void SetGradient(int variable, Score ahead, Score behind, double distance)
    {
        if (ahead.IsFailed || behind.IsFailed || distance == 0)
        {
            (_costGradient[variable], _penaltyGradient[variable]) = (0, 0);
            return;
        }

        _costGradient[variable] = ((ahead.Cost / _costScale) - (behind.Cost / _costScale)) / distance;
        _penaltyGradient[variable] = (Raised(ahead.Violation) - Raised(behind.Violation)) / distance;
    }

    private double Raised(double violation) => Power == 2 ? violation * violation : violation;
}
