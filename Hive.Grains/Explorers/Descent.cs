namespace Hive.Explorers;

/// <summary>
/// Quasi-Newton descent inside bounds: the gradient's points are asked for as one batch; steps go through the subspace of the variables that are not held at a bound
/// (two-metric projection: Bertsekas, 1982), with a backtracking line search that also lengthens the first, unscaled step.
/// </summary>
internal sealed class Descent(PenaltySurface surface, Batch batch)
{
    private const double Armijo = 1e-4;
    private const double LongestStep = 0.25;
    private const double FirstStep = 0.02;
    private const int MostTrials = 20;

    private readonly double[] _gradient = new double[surface.Size];
    private readonly double[] _free = new double[surface.Size];
    private readonly double[] _direction = new double[surface.Size];
    private readonly double[] _step = new double[surface.Size];
    private readonly double[] _change = new double[surface.Size];

    public InverseHessian Hessian { get; } = new(surface.Size);

    /// <summary>How many steps it has taken.</summary>
    public long Steps { get; private set; }

    /// <summary>Goes down until three steps in a row bring less than a share of the value, none is found, or it is enough. The gradient is known before and after.</summary>
    public IEnumerable<Batch> Minimise(double tolerance, int mostSteps, double enough = double.NegativeInfinity)
    {
        var idle = 0;
        for (var i = 0; i < mostSteps && idle < 3 && surface.Value > enough; i++)
        {
            surface.Gradient(_gradient);
            if (!ChooseDirection())
            {
                yield break;
            }

            var before = surface.Value;
            var (isBlank, length, found) = (Hessian.IsBlank, 1.0, default(Score?));
            for (var trial = 0; trial < MostTrials && found is null; trial++)
            {
                surface.Try(_direction, length, _step);
                yield return batch;
                var value = surface.ValueOf(batch.ScoreAt(0));
                var slope = Vectors.Dot(_gradient, _step);
                if (value < before && value <= before + (Armijo * slope))
                {
                    found = batch.ScoreAt(0);
                }
                else
                {
                    length *= Shortening(before, slope, value);
                }
            }

            while (found is not null && isBlank && length is >= 1 and < 100)
            {
                surface.Try(_direction, 3 * length, _step);
                yield return batch;
                if (!(surface.ValueOf(batch.ScoreAt(0)) < surface.ValueOf(found.Value)))
                {
                    break;
                }

                found = batch.ScoreAt(0);
                length *= 3;
            }

            if (found is null && isBlank)
            {
                yield break;
            }

            if (found is null)
            {
                Hessian.Reset();
                continue;
            }

            surface.Propose(_direction, length, _step);
            surface.Take(found.Value);
            Steps++;
            surface.AskGradient();
            yield return batch;
            surface.ReadGradient();
            surface.Gradient(_change);
            Vectors.AddScaled(_change, -1, _gradient);
            Hessian.Learn(_step, _change);
            var share = (before - surface.Value) / Math.Max(Math.Abs(before), Math.Abs(surface.Value));
            idle = share <= tolerance ? idle + 1 : 0;
        }
    }

    private bool ChooseDirection()
    {
        for (var i = 0; i < _free.Length; i++)
        {
            var x = surface.X[i];
            _free[i] = (x <= 0 && _gradient[i] > 0) || (x >= 1 && _gradient[i] < 0) ? 0 : _gradient[i];
        }

        var steepness = Vectors.Norm(_free);
        if (!(steepness > 0) || !double.IsFinite(steepness))
        {
            return false;
        }

        if (!Hessian.IsBlank)
        {
            Hessian.Direction(_free, _direction);
            if (!double.IsFinite(Vectors.Norm(_direction)) || !(Vectors.Dot(_free, _direction) < -1e-10 * steepness * Vectors.Norm(_direction)))
            {
                Hessian.Reset();
            }
        }

        if (Hessian.IsBlank)
        {
            for (var i = 0; i < _free.Length; i++)
            {
                _direction[i] = -_free[i];
            }
        }

        var greatest = Vectors.Greatest(_direction);
        var most = Hessian.IsBlank ? FirstStep : LongestStep;
        if (Hessian.IsBlank || greatest > most)
        {
            foreach (ref var entry in _direction.AsSpan())
            {
                entry *= most / greatest;
            }
        }

        return true;
    }

    /// <summary>Where the parabola through what is known has its minimum, as a share of the length.</summary>
    private static double Shortening(double before, double slope, double value)
    {
        var minimum = -slope / (2 * (value - before - slope));
        return double.IsFinite(minimum) ? Math.Clamp(minimum, 0.1, 0.5) : 0.1;
    }
}
