using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Hive.Processes;
using Hive.Spaces;

namespace Hive.Evaluators.Commands;

/// <summary>One process that answers lines with lines: the conversation with it, from its start to its end.</summary>
internal sealed class LinesProcess(ChildProcess child, AnswerParser parser, SearchSpace space, TimeSpan timeout, TimeProvider clock) : IAsyncDisposable
{
    // Lines that answer nothing (a library's greeting, a late duplicate) are put up with, but not for ever.
    private const int MaxNoise = 1000;

    private readonly LineReader _lines = new(child.Output);
    private readonly ArrayBufferWriter<byte> _requests = new();
    private long _firstId;
    private long _nextId;
    private int _noise;
    private string _lastNoise = "";
    private bool _isInputClosed;

    /// <summary>Whether it has answered at all.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>Asks for measurements of some points, all at once, and waits for the answers, in whatever order they come.</summary>
    /// <param name="points">All points.</param>
    /// <param name="places">Which of them are asked for.</param>
    /// <param name="results">Receives the answers at their places.</param>
    /// <param name="isAnswered">Receives at the places whether there was an answer.</param>
    /// <param name="cancellation">Gives up; the process is in an unknown state then.</param>
    /// <returns>Why the process is of no more use, or null where everything was answered.</returns>
    public async ValueTask<string?> AskAsync(
        IReadOnlyList<double[]> points, ReadOnlyMemory<int> places, Memory<Measurement> results, bool[] isAnswered, CancellationToken cancellation)
    {
        WriteRequests(points, places.Span);
        using var patience = new CancellationTokenSource(timeout, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, child.Silenced, cancellation);
        var sending = SendAsync(patience, stop.Token);
        try
        {
            var open = places.Length;
            while (true)
            {
                var answered = TakeAnswers(places.Span, results.Span, isAnswered);
                open -= answered;
                if (open == 0)
                {
                    await sending.ConfigureAwait(false);
                    return null;
                }

                if (answered > 0)
                {
                    patience.CancelAfter(timeout);
                }

                if (!await _lines.FillAsync(stop.Token).ConfigureAwait(false))
                {
                    return await EndReasonAsync(stop.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return await SilenceReasonAsync().ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            return $"the evaluator printed {e.Message}";
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await sending.ConfigureAwait(false);
        }
    }

    /// <summary>Lets the process end by itself, as it should when its input ends, and ends it otherwise.</summary>
    public async ValueTask CloseAsync()
    {
        await child.CloseInputAsync().ConfigureAwait(false);
        await child.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Ends the process.</summary>
    public ValueTask DisposeAsync() => child.DisposeAsync();

    private void WriteRequests(IReadOnlyList<double[]> points, ReadOnlySpan<int> places)
    {
        _firstId = _nextId;
        _requests.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(_requests);
        foreach (var place in places)
        {
            writer.WriteStartObject();
            writer.WriteNumber("id"u8, _nextId++);
            writer.WritePropertyName("candidate"u8);
            space.Write(writer, points[place]);
            writer.WriteEndObject();
            writer.Flush();
            writer.Reset();
            _requests.Write("\n"u8);
        }
    }

    private async Task SendAsync(CancellationTokenSource patience, CancellationToken stop)
    {
        try
        {
            await child.Input.WriteAsync(_requests.WrittenMemory, stop).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It may still print answers to what it has read.
            _isInputClosed = true;
            patience.CancelAfter(ChildProcess.Grace);
        }
        catch (OperationCanceledException)
        {
            // Whoever stopped it says why.
        }
    }

    private int TakeAnswers(ReadOnlySpan<int> places, Span<Measurement> results, bool[] isAnswered)
    {
        var answered = 0;
        while (_lines.TryRead(out var line))
        {
            if (parser.TryReadLine(line, out var id, out var measurement)
                && id >= _firstId && id < _nextId && !isAnswered[places[(int)(id - _firstId)]])
            {
                var place = places[(int)(id - _firstId)];
                results[place] = measurement;
                isAnswered[place] = true;
                answered++;
            }
            else
            {
                Endure(line);
            }
        }

        if (answered > 0)
        {
            HasAnswered = true;
            _noise = 0;
        }

        return answered;
    }

    private void Endure(ReadOnlySpan<byte> line)
    {
        _lastNoise = OneLine.Of(line);
        if (++_noise > MaxNoise)
        {
            throw new InvalidDataException($"more than {MaxNoise} lines that answer nothing, such as '{_lastNoise}'");
        }
    }

    private async ValueTask<string> EndReasonAsync(CancellationToken stop)
    {
        // Output ends a moment before the process does; a process that closes its output and stays is ended.
        await child.Exited.WaitAsync(ChildProcess.Grace, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return child.Exited.IsCompleted
            ? Reasons.Ended(child.ExitStatus, await child.ErrorSummaryAsync().ConfigureAwait(false))
            : "the evaluator closed its standard output";
    }

    private async ValueTask<string> SilenceReasonAsync()
    {
        var errors = await child.ErrorSummaryAsync().ConfigureAwait(false);
        if (child.Exited.IsCompleted)
        {
            return Reasons.Ended(child.ExitStatus, errors);
        }

        if (_isInputClosed)
        {
            return "the evaluator closed its standard input";
        }

        var hint = _lastNoise.Length > 0
            ? string.Create(CultureInfo.InvariantCulture, $" (it printed '{_lastNoise}', which answers nothing)")
            : HasAnswered ? "" : " (does it flush its standard output after every line?)";
        return Reasons.TimedOut(timeout, errors) + hint;
    }
}
