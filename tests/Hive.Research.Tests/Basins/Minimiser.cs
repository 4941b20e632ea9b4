namespace Hive.Research.Tests.Basins;

/// <summary>Brute force: Newton's method on numerical derivatives, which knows nothing of manifolds.</summary>
internal static class Minimiser
{
    public static double[] Find(Func<double[], double> cost, double[] start)
    {
        const double Width = 1e-3;
        var (x, y) = (start[0], start[1]);
        for (var round = 0; round < 60; round++)
        {
            double F(double dx, double dy) => cost([x + (dx * Width), y + (dy * Width)]);

            // Six-order central differences: at this width their error is below rounding's.
            double Slope(Func<double, double> f) => ((45 * (f(1) - f(-1))) - (9 * (f(2) - f(-2))) + f(3) - f(-3)) / (60 * Width);
            double Bend(Func<double, double> f) => (f(1) - (2 * f(0)) + f(-1)) / (Width * Width);
            var (gx, gy) = (Slope(s => F(s, 0)), Slope(s => F(0, s)));
            var (hxx, hyy) = (Bend(s => F(s, 0)), Bend(s => F(0, s)));
            var hxy = (F(1, 1) - F(1, -1) - F(-1, 1) + F(-1, -1)) / (4 * Width * Width);
            var determinant = (hxx * hyy) - (hxy * hxy);
            var (stepX, stepY) = determinant > 0 ? (((hyy * gx) - (hxy * gy)) / determinant, ((hxx * gy) - (hxy * gx)) / determinant) : (0.1 * gx, 0.1 * gy);
            var before = cost([x, y]);
            var scale = 1.0;
            while (scale > 1e-6 && !(Try(cost, x - (scale * stepX), y - (scale * stepY)) <= before + 1e-13)) scale /= 2;
            (x, y) = (x - (scale * stepX), y - (scale * stepY));
        }

        return [x, y];
    }

    private static double Try(Func<double[], double> cost, double x, double y)
    {
        const double Edge = 5e-3;
        return x > Edge && (y < -1e-3 || (y > Edge && x + y < 1 - Edge)) ? cost([x, y]) : double.PositiveInfinity;
    }
}
