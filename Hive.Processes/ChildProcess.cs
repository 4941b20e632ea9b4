using System.Diagnostics;

namespace Hive.Processes;

/// <summary>One run of a program from outside. However it behaves, disposing of it ends it and its group in bounded time.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>How long a program that was asked to end gets for it where nothing else was said, and how long output is awaited after the end of the process that wrote it.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    // A killed process is gone in microseconds, unless the kernel holds it in a call that cannot be interrupted.
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly int _id;
    private readonly Supervision _supervision;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _patience;
    private readonly CancellationTokenSource _silenced;
    private readonly ErrorText _errors;
    private readonly Task _readingErrors;

    private ChildProcess(Process process, Supervision supervision, TimeProvider clock, TimeSpan patience)
    {
        _process = process;
        _id = process.Id;
        _supervision = supervision;
        _clock = clock;
        _patience = patience;
        _silenced = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        Silenced = _silenced.Token;
        Input = process.StandardInput.BaseStream;
        Output = process.StandardOutput.BaseStream;
        _errors = new ErrorText(process.StandardError.BaseStream);
        _readingErrors = _errors.ReadAsync(Silenced);
        Exited = AwaitExitAsync();
    }

    /// <summary>The program's standard input.</summary>
    public Stream Input { get; }

    /// <summary>The program's standard output.</summary>
    public Stream Output { get; }

    /// <summary>Completes when the program has ended; what is left of its group has then been killed.</summary>
    public Task Exited { get; }

    /// <summary>Cancelled when nothing more is to be expected on <see cref="Output"/>: the program ended a <see cref="Grace"/> ago.</summary>
    public CancellationToken Silenced { get; }

    /// <summary>The exit status, once <see cref="Exited"/>; 128 and the signal's number where a signal ended it.</summary>
    public int ExitStatus => _process.ExitCode;

    /// <summary>Starts a program.</summary>
    /// <param name="start">What to start, with all three standard streams redirected.</param>
    /// <param name="supervision">Ends what it starts.</param>
    /// <param name="clock">Measures the graces.</param>
    /// <param name="patience">How long it gets for ending when it is asked to; absent: a <see cref="Grace"/>.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static ChildProcess Start(ProcessStartInfo start, Supervision supervision, TimeProvider clock, TimeSpan? patience = null) =>
        new(Process.Start(start)!, supervision, clock, patience ?? Grace);

    /// <summary>Standard error in a line, complete where the program has ended.</summary>
    public async ValueTask<string> ErrorSummaryAsync()
    {
        if (Exited.IsCompleted)
        {
            await _readingErrors.ConfigureAwait(false);
        }

        return _errors.Summary();
    }

    /// <summary>Closes standard input, which tells the program that there is nothing more to do, and gives it a <see cref="Grace"/> to end by itself.</summary>
    public async ValueTask CloseInputAsync()
    {
        await DisposeQuietlyAsync(Input).ConfigureAwait(false);
        await WaitForExitAsync(Grace).ConfigureAwait(false);
    }

    /// <summary>Ends the program: asked first, then killed, with its whole group.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Exited.IsCompleted && _supervision.HasGroups)
        {
            var waiting = WaitForExitAsync(_patience);
            Signals.SendToGroup(_id, Signals.Terminate);
            await waiting.ConfigureAwait(false);
        }

        if (!Exited.IsCompleted)
        {
            KillGroup();
            await WaitForExitAsync(KillPatience).ConfigureAwait(false);
        }

        await _silenced.CancelAsync().ConfigureAwait(false);
        await _readingErrors.ConfigureAwait(false);
        await DisposeQuietlyAsync(Input).ConfigureAwait(false);
        await DisposeQuietlyAsync(Output).ConfigureAwait(false);
        if (Exited.IsCompleted)
        {
            _process.Dispose();
            _silenced.Dispose();
        }
    }

    private static async ValueTask DisposeQuietlyAsync(Stream stream)
    {
        try
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The other end is gone, which is what was wanted.
        }
    }

    private async Task AwaitExitAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);

        // Also what a signal sent too early missed: a program has no group until setsid has run.
        KillGroup();
        _silenced.CancelAfter(Grace);
    }

    private async ValueTask WaitForExitAsync(TimeSpan patience) =>
        await Exited.WaitAsync(patience, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void KillGroup()
    {
        if (_supervision.HasGroups)
        {
            Signals.SendToGroup(_id, Signals.Kill);
        }

        try
        {
            _process.Kill(entireProcessTree: !_supervision.HasGroups);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has ended meanwhile.
        }
    }
}
