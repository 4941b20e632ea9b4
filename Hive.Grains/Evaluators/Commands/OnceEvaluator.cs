using System.Text.Json;
using Hive.Processes;
using Hive.Spaces;

namespace Hive.Evaluators.Commands;

/// <summary>Protocol <c>once</c>: a process a candidate. Nothing that one does is felt by the next.</summary>
internal sealed class OnceEvaluator(EvaluatorProgram program, string metric, SearchSpace space, TimeSpan timeout, TimeProvider clock) : IEvaluator
{
    private const int MaxOutput = 1 << 20;

    // Strays are looked for among all processes of the machine, which would cost more than a quick candidate does.
    private static readonly TimeSpan StrayInterval = TimeSpan.FromSeconds(1);

    private readonly AnswerParser _parser = new(metric);
    private byte[] _output = new byte[4096];
    private long _straysKilledAt = clock.GetTimestamp();

    /// <inheritdoc/>
    public int PreferredBatch => 1;

    /// <inheritdoc/>
    public async ValueTask MeasureAsync(IReadOnlyList<double[]> points, Memory<Measurement> results, CancellationToken cancellation)
    {
        for (var i = 0; i < points.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var measurement = await MeasureAsync(points[i], cancellation).ConfigureAwait(false);
            results.Span[i] = measurement;
            if (clock.GetElapsedTime(_straysKilledAt) > StrayInterval)
            {
                program.KillStrays();
                _straysKilledAt = clock.GetTimestamp();
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        program.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task FeedAsync(Stream input, byte[] candidate, CancellationToken cancellation)
    {
        try
        {
            await input.WriteAsync(candidate, cancellation).ConfigureAwait(false);
            await input.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It need not read its input; whether it answers is what counts.
        }
    }

    private async Task<Measurement> MeasureAsync(double[] point, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(timeout, clock);
        await using var child = program.Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        var feeding = FeedAsync(child.Input, Candidate(point), stop.Token);
        try
        {
            var length = await ReadOutputAsync(child, stop.Token).ConfigureAwait(false);
            if (length > MaxOutput)
            {
                return Measurement.Failed($"the evaluator printed more than {MaxOutput} bytes");
            }

            await child.Exited.WaitAsync(stop.Token).ConfigureAwait(false);
            return child.ExitStatus == 0
                ? _parser.ReadOutput(_output.AsSpan(0, length))
                : Measurement.Failed(Reasons.Ended(child.ExitStatus, await child.ErrorSummaryAsync().ConfigureAwait(false)));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Measurement.Failed(Reasons.TimedOut(timeout, await child.ErrorSummaryAsync().ConfigureAwait(false)));
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await feeding.ConfigureAwait(false);
        }
    }

    private byte[] Candidate(double[] point)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            space.Write(writer, point);
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    /// <summary>Reads to the end of the output, or until it is too long.</summary>
    private async Task<int> ReadOutputAsync(ChildProcess child, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, child.Silenced);
        var length = 0;
        try
        {
            while (length <= MaxOutput && await child.Output.ReadAsync(Room(length), either.Token).ConfigureAwait(false) is > 0 and var read)
            {
                length += read;
            }

            return length;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The program has ended and a stray of it holds the output open. Without it the end comes.
            program.KillStrays();
        }

        while (length <= MaxOutput && await child.Output.ReadAsync(Room(length), stop).ConfigureAwait(false) is > 0 and var read)
        {
            length += read;
        }

        return length;
    }

    private Memory<byte> Room(int length)
    {
        if (length == _output.Length)
        {
            Array.Resize(ref _output, Math.Min(2 * length, MaxOutput + 1));
        }

        return _output.AsMemory(length);
    }
}
