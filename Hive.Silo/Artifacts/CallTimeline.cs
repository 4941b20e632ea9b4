using System.Globalization;
using System.Net;
using System.Text;
using Hive.Goals;
using Hive.Silo.Display;
using Hive.Silos;

namespace Hive.Silo.Artifacts;

/// <summary>The calls of a goal over time, as an SVG: a band a role, a bar a call, its colour the tier. It bears no script and no style sheet.</summary>
internal sealed class CallTimeline
{
    private const double Width = 960;
    private const double Left = 132;
    private const double Right = 28;
    private const double Top = 84;
    private const double Row = 11;
    private const double Gap = 3;
    private const double BandPadding = 8;
    private const double LeastBand = 38;
    private const double LeastBar = 2;
    private const int MostRows = 24;
    private const int MostTicks = 8;
    private const string Ink = "#1f2933";
    private const string Faint = "#7b8794";
    private const string Failed = "#c0392b";

    private static readonly (CallRole Role, string Name)[] Bands =
        [(CallRole.Architect, "architect"), (CallRole.Attempt, "attempts"), (CallRole.Critic, "critics"), (CallRole.Integrator, "integrator")];

    private readonly StringBuilder _svg = new();
    private readonly ActiveTime _time;

    private CallTimeline(ActiveTime time) => _time = time;

    /// <summary>Draws the picture.</summary>
    /// <param name="status">The goal.</param>
    /// <param name="calls">Its calls, at least one.</param>
    /// <param name="more">How many calls are not among them.</param>
    public static string Draw(GoalStatus status, IReadOnlyList<CallRecord> calls, long more) => new CallTimeline(new ActiveTime(calls)).Of(status, calls, more);

    private string Of(GoalStatus status, IReadOnlyList<CallRecord> calls, long more)
    {
        var bands = Bands.Select(band => (band.Name, Calls: calls.Where(call => call.Role == band.Role).ToArray())).Where(band => band.Calls.Length > 0)
            .Select(band => (band.Name, band.Calls, Rows: Pack(band.Calls))).ToArray();
        var height = Top + bands.Sum(band => HeightOf(band.Rows)) + 46;
        _svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" font-family=\"Inter, Helvetica, Arial, sans-serif\" font-size=\"12\">");
        _svg.AppendLine("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        Text(24, 30, PlainText.Line(status.Objective, 84), 15, Ink, weight: "600");
        Text(24, 50, Summary(status, more), 12, Faint);
        Legend(calls);
        Ticks(height);
        var y = Top;
        for (var i = 0; i < bands.Length; i++)
        {
            var tall = HeightOf(bands[i].Rows);
            Band(bands[i].Name, bands[i].Calls, bands[i].Rows, y, tall, isShaded: i % 2 == 0);
            y += tall;
        }

        _svg.AppendLine("</svg>");
        return _svg.ToString();
    }

    private static string Summary(GoalStatus status, long more)
    {
        var cognition = status.Cognition!;
        var calls = string.Create(CultureInfo.InvariantCulture, $"{status.State.ToString().ToLowerInvariant()} · {cognition.CallsDone:N0} calls answered, {cognition.CallsFailed:N0} failed or called off · {cognition.Ledger.Tokens:N0} tokens · {status.Seconds:F1} s");
        return more > 0 ? string.Create(CultureInfo.InvariantCulture, $"{calls} · {more:N0} later calls are not drawn") : calls;
    }

    private void Legend(IReadOnlyList<CallRecord> calls)
    {
        var x = Left;
        foreach (var tier in Tiers.All.Where(tier => calls.Any(call => call.Tier == tier)))
        {
            Key(tier, Colour(tier), "1");
        }

        if (calls.Any(IsCalledOff))
        {
            Key("called off", Faint, "0.35");
        }

        if (calls.Any(IsFailed))
        {
            Key("failed", Failed, "1");
        }

        void Key(string name, string colour, string opacity)
        {
            Rect(x, 63, 14, 9, colour, opacity);
            Text(x + 20, 72, name, 11, Ink);
            x += 34 + (name.Length * 6.6);
        }
    }

    private void Ticks(double height)
    {
        var step = Step(_time.Seconds / MostTicks);
        for (var at = 0.0; _time.Pauses.Count == 0 && at <= _time.Seconds * 1.0001; at += step)
        {
            Tick(at, Seconds(at));
        }

        // Where pauses are left out, a clock would lie: what was left out is said instead.
        foreach (var (at, length) in _time.Pauses)
        {
            Tick(at, $"{Span(length)} later");
        }

        Text((Left + Width - Right) / 2, height - 8, _time.Pauses.Count == 0 ? "seconds since the first call" : "time with calls; long pauses are drawn short", 11, Faint, "middle");

        void Tick(double at, string label)
        {
            _svg.AppendLine(CultureInfo.InvariantCulture, $"<line x1=\"{X(at):F1}\" x2=\"{X(at):F1}\" y1=\"{Top}\" y2=\"{height - 46:F1}\" stroke=\"#e4e7eb\"/>");
            Text(X(at), height - 28, label, 11, Faint, "middle");
        }
    }

    private void Band(string name, CallRecord[] calls, int[] rows, double y, double height, bool isShaded)
    {
        if (isShaded)
        {
            Rect(0, y, Width, height, "#52606d", "0.05");
        }

        Text(24, y + (height / 2) - 1, name, 12, Ink, weight: "600");
        Text(24, y + (height / 2) + 13, string.Create(CultureInfo.InvariantCulture, $"{calls.Length:N0} {(calls.Length == 1 ? "call" : "calls")}"), 11, Faint);
        var all = rows.Max() + 1;
        var top = y + ((height - (all * (Row + Gap)) + Gap) / 2);
        for (var i = 0; i < calls.Length; i++)
        {
            Bar(calls[i], top + (rows[i] * (Row + Gap)));
        }
    }

    private void Bar(CallRecord call, double y)
    {
        var (from, to) = (X(_time.At(call.Begun)), X(_time.At(call.Ended)));
        var colour = IsFailed(call) ? Failed : Colour(call.Tier);
        var what = string.Create(CultureInfo.InvariantCulture, $"{call.Id} · {call.Model} ({call.Tier}) · {(call.Ended - call.Begun).TotalSeconds:0.###} s · {call.Tokens:N0} tokens{(call.Failure is { } failure ? $" · {PlainText.Line(failure, 200)}" : "")}");
        _svg.AppendLine(CultureInfo.InvariantCulture, $"<rect x=\"{from:F1}\" y=\"{y:F1}\" width=\"{Math.Max(LeastBar, to - from - 0.5):F1}\" height=\"{Row}\" rx=\"2\" fill=\"{colour}\" fill-opacity=\"{(IsCalledOff(call) ? "0.35" : "1")}\"><title>{WebUtility.HtmlEncode(what)}</title></rect>");
    }

    /// <summary>The row of each call: calls of one row do not overlap, as long as there are rows.</summary>
    private int[] Pack(CallRecord[] calls)
    {
        var ends = new List<double>();
        var rows = new int[calls.Length];
        foreach (var i in Enumerable.Range(0, calls.Length).OrderBy(i => calls[i].Begun).ThenBy(i => calls[i].Id, StringComparer.Ordinal))
        {
            var (from, to) = (X(_time.At(calls[i].Begun)), X(_time.At(calls[i].Ended)));
            var row = ends.FindIndex(end => end <= from + 0.25);
            if (row < 0)
            {
                row = ends.Count < MostRows ? ends.Count : ends.IndexOf(ends.Min());
            }

            if (row == ends.Count)
            {
                ends.Add(0);
            }

            ends[row] = Math.Max(ends[row], Math.Max(to, from + LeastBar));
            rows[i] = row;
        }

        return rows;
    }

    private static double HeightOf(int[] rows) => Math.Max(LeastBand, ((rows.Max() + 1) * (Row + Gap)) - Gap + (2 * BandPadding));

    private static bool IsCalledOff(CallRecord call) => call.Failure == CallSettled.NotWanted;

    private static bool IsFailed(CallRecord call) => call.Failure is not null && !IsCalledOff(call);

    /// <summary>Three colours that stay apart for people who see red and green alike.</summary>
    private static string Colour(string tier) => tier switch
    {
        Tiers.Edge => "#3aa6a0",
        Tiers.Worker => "#3b6fb6",
        _ => "#6d3fa0",
    };

    private static double Step(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(least, 1e-3))));
        return new[] { 1.0, 2, 5, 10 }.First(factor => factor * power >= least * 0.999) * power;
    }

    private static string Seconds(double at) => at.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Span(TimeSpan length) => length switch
    {
        { TotalMinutes: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{length.TotalSeconds:0.#} s"),
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{length.TotalMinutes:F0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{length.TotalHours:F0} h"),
    };

    private double X(double seconds) => Left + (seconds / _time.Seconds * (Width - Left - Right));

    private void Rect(double x, double y, double width, double height, string colour, string opacity) => _svg.AppendLine(
        CultureInfo.InvariantCulture, $"<rect x=\"{x:F1}\" y=\"{y:F1}\" width=\"{width:F1}\" height=\"{height:F1}\" rx=\"{(width < 100 ? 2 : 0)}\" fill=\"{colour}\" fill-opacity=\"{opacity}\"/>");

    private void Text(double x, double y, string text, double size, string colour, string anchor = "start", string weight = "400") => _svg.AppendLine(
        CultureInfo.InvariantCulture, $"<text x=\"{x:F1}\" y=\"{y:F1}\" font-size=\"{size}\" font-weight=\"{weight}\" text-anchor=\"{anchor}\" fill=\"{colour}\">{WebUtility.HtmlEncode(text)}</text>");
}
