using System.Globalization;
using System.Net;
using System.Text;
using Hive.Goals;

namespace Hive.Silo.Artifacts;

/// <summary>The best value so far over the evaluations it took, as an SVG: a staircase, on a logarithmic axis of evaluations.</summary>
internal static class ConvergencePlot
{
    private const double Width = 720;
    private const double Height = 400;
    private const double Left = 90;
    private const double Right = 24;
    private const double Top = 44;
    private const double Bottom = 52;

    /// <summary>Draws the plot.</summary>
    /// <param name="spec">The goal.</param>
    /// <param name="curve">Each improvement: evaluations so far, best value.</param>
    /// <param name="evaluations">All evaluations of the goal.</param>
    public static string Draw(GoalSpec spec, IReadOnlyList<(long Evaluations, double Best)> curve, long evaluations)
    {
        var values = curve.Select(step => step.Best).Concat(spec.Metric!.Target is { } wanted ? [wanted] : []).ToArray();
        var (low, high) = (values.Min(), values.Max());
        var margin = high > low ? (high - low) * 0.06 : Math.Max(Math.Abs(high) * 0.01, 1e-9);
        var y = new Axis(low - margin, high + margin, Height - Bottom, Top);
        var x = new Axis(Math.Floor(Math.Log10(Math.Max(1, curve[0].Evaluations))), Math.Max(Math.Log10(Math.Max(10, evaluations)), 1), Left, Width - Right);
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        svg.AppendLine("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"24\" font-size=\"14\" fill=\"#222222\">{WebUtility.HtmlEncode(Title(spec))}</text>");
        DrawGrid(svg, x, y);
        if (spec.Metric.Target is { } target)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y.At(target):F1}\" y2=\"{y.At(target):F1}\" stroke=\"#c0392b\" stroke-dasharray=\"5 4\"/>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Width - Right}\" y=\"{y.At(target) - 5:F1}\" text-anchor=\"end\" fill=\"#c0392b\">target {target:G6}</text>");
        }

        svg.AppendLine(CultureInfo.InvariantCulture, $"<path d=\"{Staircase(curve, evaluations, x, y)}\" fill=\"none\" stroke=\"#1f6fb2\" stroke-width=\"2\"/>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 12}\" text-anchor=\"middle\" fill=\"#444444\">evaluations</text>");
        svg.AppendLine("</svg>");
        return svg.ToString();
    }

    private static string Title(GoalSpec spec) => $"best {spec.Metric!.Name} so far: {(spec.Objective.Length <= 52 ? spec.Objective : spec.Objective[..52] + "…")}";

    private static void DrawGrid(StringBuilder svg, Axis x, Axis y)
    {
        for (var power = (int)Math.Ceiling(x.Low); power <= x.High; power++)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"<line x1=\"{x.At(power):F1}\" x2=\"{x.At(power):F1}\" y1=\"{Top}\" y2=\"{Height - Bottom}\" stroke=\"#eeeeee\"/>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{x.At(power):F1}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\" fill=\"#444444\">{Math.Pow(10, power):N0}</text>");
        }

        for (var i = 0; i <= 5; i++)
        {
            var value = y.Low + ((y.High - y.Low) * i / 5);
            svg.AppendLine(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y.At(value):F1}\" y2=\"{y.At(value):F1}\" stroke=\"#eeeeee\"/>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Left - 8}\" y=\"{y.At(value) + 4:F1}\" text-anchor=\"end\" fill=\"#444444\">{value:G6}</text>");
        }
    }

    private static string Staircase(IReadOnlyList<(long Evaluations, double Best)> curve, long evaluations, Axis x, Axis y)
    {
        var path = new StringBuilder();
        path.Append(CultureInfo.InvariantCulture, $"M{x.At(Log(curve[0].Evaluations)):F1} {y.At(curve[0].Best):F1}");
        foreach (var (at, best) in curve.Skip(1))
        {
            path.Append(CultureInfo.InvariantCulture, $"H{x.At(Log(at)):F1}V{y.At(best):F1}");
        }

        path.Append(CultureInfo.InvariantCulture, $"H{x.At(Log(evaluations)):F1}");
        return path.ToString();
    }

    private static double Log(long evaluations) => Math.Log10(Math.Max(1, evaluations));

    /// <summary>A linear scale from values to pixels.</summary>
    private readonly record struct Axis(double Low, double High, double From, double To)
    {
        public double At(double value) => From + ((value - Low) / (High - Low) * (To - From));
    }
}
