using System.Globalization;
using System.Net;
using System.Text;

namespace Hive.Silo.Research;

/// <summary>A chart as an SVG: axes with labels, staircases and bars. It bears no script and no style sheet, and looks the same everywhere.</summary>
internal sealed class SvgChart
{
    private const double Width = 720;
    private const double Height = 400;
    private const double Left = 86;
    private const double Right = 24;
    private const double Top = 44;
    private const double Bottom = 52;
    private const int Lines = 5;

    private static readonly string[] Colours = ["#1f6fb2", "#c0392b", "#27864a", "#8e44ad", "#b9770e", "#2c7a7b", "#7f4f24", "#5d6d7e"];

    private readonly StringBuilder _svg = new();
    private readonly (double Low, double High) _x;
    private readonly (double Low, double High) _y;
    private int _series;

    /// <summary>An empty chart.</summary>
    public SvgChart(string title, string across, (double Low, double High) x, (double Low, double High) y)
    {
        (_x, _y) = (Widened(x, 0), Widened(y, 0.06));
        _svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        _svg.AppendLine("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        Label(Left, 24, title, "start", 14, "#222222");
        Label((Left + Width - Right) / 2, Height - 12, across, "middle", 12, "#444444");
        foreach (var at in Ticks(_y))
        {
            Line(Left, Y(at), Width - Right, Y(at), "#eeeeee");
            Label(Left - 8, Y(at) + 4, CampaignOutcome.Number(at), "end", 12, "#444444");
        }

        foreach (var at in Ticks(_x)) Label(X(at), Height - Bottom + 18, at.ToString("N0", CultureInfo.InvariantCulture), "middle", 12, "#444444");
    }

    /// <summary>Adds a line that keeps its height until the next point.</summary>
    public void Staircase(string name, IReadOnlyList<(double X, double Y)> points, double end)
    {
        var colour = Colours[_series % Colours.Length];
        Label(Width - Right, Top + 14 + (16 * _series++), name, "end", 12, colour);
        if (points.Count == 0) return;
        var path = new StringBuilder();
        path.Append(CultureInfo.InvariantCulture, $"M{X(points[0].X):F1} {Y(points[0].Y):F1}");
        foreach (var (x, y) in points.Skip(1)) path.Append(CultureInfo.InvariantCulture, $"H{X(x):F1}V{Y(y):F1}");
        path.Append(CultureInfo.InvariantCulture, $"H{X(end):F1}");
        _svg.AppendLine(CultureInfo.InvariantCulture, $"<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>");
    }

    /// <summary>Adds dots.</summary>
    public void Dots(IEnumerable<(double X, double Y)> points)
    {
        foreach (var (x, y) in points.Where(point => point.Y >= _y.Low && point.Y <= _y.High))
        {
            _svg.AppendLine(CultureInfo.InvariantCulture, $"<circle cx=\"{X(x):F1}\" cy=\"{Y(y):F1}\" r=\"2\" fill=\"#9db8cc\"/>");
        }
    }

    /// <summary>The whole drawing.</summary>
    public override string ToString() => $"{_svg}</svg>\n";

    /// <summary>Bars of shares, one row a technique: how often each of its ways was tried.</summary>
    public static string Shares(string title, IReadOnlyList<(string Name, IReadOnlyList<(string Way, double Share)> Ways)> rows)
    {
        const double Row = 26;
        const double Names = 150;
        var height = Top + (Row * rows.Count) + 12;
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" font-family=\"sans-serif\" font-size=\"12\">");
        svg.AppendLine("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"12\" y=\"24\" font-size=\"14\" fill=\"#222222\">{WebUtility.HtmlEncode(title)}</text>");
        for (var i = 0; i < rows.Count; i++)
        {
            var (top, left) = (Top + (Row * i), Names);
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Names - 8}\" y=\"{top + 14}\" text-anchor=\"end\" fill=\"#444444\">{WebUtility.HtmlEncode(rows[i].Name)}</text>");
            for (var way = 0; way < rows[i].Ways.Count; way++)
            {
                var (name, share) = rows[i].Ways[way];
                var width = share * (Width - Names - Right);
                svg.AppendLine(CultureInfo.InvariantCulture, $"<rect x=\"{left:F1}\" y=\"{top}\" width=\"{width:F1}\" height=\"20\" fill=\"{Colours[way % Colours.Length]}\"/>");
                if (width > 8 * name.Length) svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{left + (width / 2):F1}\" y=\"{top + 14}\" text-anchor=\"middle\" fill=\"#ffffff\">{WebUtility.HtmlEncode(name)}</text>");
                left += width;
            }
        }

        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Round numbers within a range, some <see cref="Lines"/> of them: a step is 1, 2 or 5 times a power of ten.</summary>
    private static IEnumerable<double> Ticks((double Low, double High) range)
    {
        var wanted = (range.High - range.Low) / Lines;
        var power = Math.Pow(10, Math.Floor(Math.Log10(wanted)));
        var step = power * ((wanted / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        for (var number = Math.Ceiling(range.Low / step); number * step <= range.High; number++) yield return Math.Round(number * step, 12) + 0.0;
    }

    private static (double Low, double High) Widened((double Low, double High) range, double margin)
    {
        var extent = range.High - range.Low;
        var by = extent > 0 ? extent * margin : Math.Max(Math.Abs(range.High) * 0.01, 1e-9);
        return (range.Low - by, range.High + by);
    }

    private double X(double value) => Left + ((value - _x.Low) / (_x.High - _x.Low) * (Width - Left - Right));

    private double Y(double value) => Height - Bottom - ((value - _y.Low) / (_y.High - _y.Low) * (Height - Top - Bottom));

    private void Line(double x1, double y1, double x2, double y2, string colour) =>
        _svg.AppendLine(CultureInfo.InvariantCulture, $"<line x1=\"{x1:F1}\" y1=\"{y1:F1}\" x2=\"{x2:F1}\" y2=\"{y2:F1}\" stroke=\"{colour}\"/>");

    private void Label(double x, double y, string text, string anchor, int size, string colour) =>
        _svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{x:F1}\" y=\"{y:F1}\" text-anchor=\"{anchor}\" font-size=\"{size}\" fill=\"{colour}\">{WebUtility.HtmlEncode(text)}</text>");
}
