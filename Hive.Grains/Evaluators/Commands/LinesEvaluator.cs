using System.Globalization;
using Hive.Spaces;

namespace Hive.Evaluators.Commands;

/// <summary>
/// Protocol <c>lines</c>: a process that stays. Points are pipelined; a process that ends, hangs or talks nonsense is replaced, and only the point that is to blame fails.
/// </summary>
/// <remarks>
/// Who is to blame: a process that ended with several points in flight proves nothing, because answers may come in any order and late. So those points are asked again
/// one at a time; the one that a fresh process does not survive alone has failed. For the same reason a fresh process is asked for one point first.
/// </remarks>
internal sealed class LinesEvaluator(EvaluatorProgram program, string metric, SearchSpace space, TimeSpan timeout, TimeProvider clock) : IEvaluator
{
    private const int MaxInFlight = 1024;
    private const int MaxEndsInARow = 20;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    private readonly AnswerParser _parser = new(metric);
    private LinesProcess? _process;
    private int _endsInARow;

    /// <inheritdoc/>
    public int PreferredBatch => 64;

    /// <inheritdoc/>
    public async ValueTask MeasureAsync(IReadOnlyList<double[]> points, Memory<Measurement> results, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var isAnswered = new bool[points.Count];
        var open = Enumerable.Range(0, points.Count).ToArray();
        var suspects = 0;
        while (open.Length > 0)
        {
            var process = _process ??= await StartAsync(cancellation).ConfigureAwait(false);
            var isFresh = !process.HasAnswered;
            var asked = isFresh || suspects > 0 ? 1 : Math.Min(open.Length, MaxInFlight);
            var end = await AskAsync(process, points, open[..asked], results, isAnswered, cancellation).ConfigureAwait(false);
            if (end is null)
            {
                suspects = Math.Max(0, suspects - asked);
            }
            else if (asked == 1 && isFresh)
            {
                results.Span[open[0]] = Measurement.Failed(end);
                isAnswered[open[0]] = true;
                suspects = 0;
            }
            else
            {
                suspects = open.Take(asked).Count(place => !isAnswered[place]);
            }

            open = Array.FindAll(open, place => !isAnswered[place]);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.CloseAsync().ConfigureAwait(false);
            _process = null;
        }

        program.Dispose();
    }

    /// <summary>Asks a process; one that is of no more use afterwards is ended, whatever the reason.</summary>
    private async ValueTask<string?> AskAsync(
        LinesProcess process, IReadOnlyList<double[]> points, int[] places, Memory<Measurement> results, bool[] isAnswered, CancellationToken cancellation)
    {
        string? end = "";
        try
        {
            end = await process.AskAsync(points, places, results, isAnswered, cancellation).ConfigureAwait(false);
        }
        finally
        {
            if (end is not null)
            {
                _process = null;
                await process.DisposeAsync().ConfigureAwait(false);
                program.KillStrays();
            }
        }

        if (Array.Exists(places, place => isAnswered[place]))
        {
            _endsInARow = 0;
        }

        if (end is not null && ++_endsInARow >= MaxEndsInARow)
        {
            throw new EvaluatorException(string.Create(
                CultureInfo.InvariantCulture,
                $"the evaluator '{program.CommandLine}' ended {_endsInARow} times in a row without an answer, the last time because {end}; feed it a candidate by hand"));
        }

        return end;
    }

    private async ValueTask<LinesProcess> StartAsync(CancellationToken cancellation)
    {
        if (_endsInARow > 0)
        {
            var pause = FirstPause * Math.Pow(2, _endsInARow - 1);
            await Task.Delay(pause < LongestPause ? pause : LongestPause, clock, cancellation).ConfigureAwait(false);
        }

        return new LinesProcess(program.Start(), _parser, space, timeout, clock);
    }
}
