namespace Hive.Explorers;

/// <summary>
/// Takes a point that is nearly feasible to feasibility itself: by quasi-Newton steps on the penalty alone, by Polyak's subgradient steps (1969; the least violation is known to be 0), and
/// where neither leads there, by bisection towards a point that is known to be feasible.
/// </summary>
internal sealed class Repair
{
    private const int MostSteps = 60;
    private const int Bisections = 30;

    public IEnumerable<Batch> Run(PenaltySurface surface, Descent descent, double[]? feasible)
    {
        var (countedCost, power, weight, difference) = (surface.CountsCost, surface.Power, surface.Weight, surface.Difference);
        surface.CountsCost = false;
        surface.Power = 1;
        var (gradient, direction, step) = (new double[surface.Size], new double[surface.Size], new double[surface.Size]);
        var isHelpful = power == 2 && !descent.Hessian.IsBlank;
        for (var i = 0; i < MostSteps && !surface.Score.IsFeasible; i++)
        {
            var violation = surface.Score.Violation;
            surface.Weight = 1;
            surface.Difference = Math.Clamp(violation * 0.01, 1e-13, difference);
            surface.AskGradient();
            yield return surface.Batch;
            surface.ReadGradient();
            surface.Gradient(gradient);
            var taken = false;
            for (var attempt = isHelpful ? 0 : 1; attempt < 2 && !taken; attempt++)
            {
                isHelpful = attempt == 0;
                if (isHelpful)
                {
                    Scale(gradient, 2 * violation * weight, step);
                    descent.Hessian.Direction(step, direction);
                }
                else
                {
                    Scale(gradient, -violation / Vectors.Dot(gradient, gradient), direction);
                }

                for (var length = 1.2; length > 0.1 && !taken; length /= 2)
                {
                    surface.Try(direction, length, step);
                    yield return surface.Batch;
                    taken = surface.Batch.ScoreAt(0).Violation < (isHelpful ? 0.7 : 0.97) * violation;
                }
            }

            if (!taken)
            {
                break;
            }

            surface.Take(surface.Batch.ScoreAt(0));
        }

        if (!surface.Score.IsFeasible && feasible is not null)
        {
            foreach (var batch in Bisect(surface, feasible, direction, step))
            {
                yield return batch;
            }
        }

        (surface.CountsCost, surface.Power, surface.Weight, surface.Difference) = (countedCost, power, weight, difference);
    }

    private static IEnumerable<Batch> Bisect(PenaltySurface surface, double[] feasible, double[] direction, double[] step)
    {
        for (var i = 0; i < direction.Length; i++)
        {
            direction[i] = feasible[i] - surface.X[i];
        }

        var (infeasible, inside, found) = (0.0, 1.0, default(Score?));
        for (var i = 0; i < Bisections && inside - infeasible > 1e-9; i++)
        {
            var length = (infeasible + inside) / 2;
            surface.Try(direction, length, step);
            yield return surface.Batch;
            if (surface.Batch.ScoreAt(0).IsFeasible)
            {
                (inside, found) = (length, surface.Batch.ScoreAt(0));
            }
            else
            {
                infeasible = length;
            }
        }

        if (found is not null)
        {
            surface.Propose(direction, inside, step);
            surface.Take(found.Value);
        }
    }

    private static void Scale(double[] of, double factor, double[] to)
    {
        for (var i = 0; i < of.Length; i++)
        {
            to[i] = factor * of[i];
        }
    }
}
