using Hive.Brains.Configuration;
using Hive.Processes;

namespace Hive.Brains.Servers;

/// <summary>One run of a model server, with the beginning and the end of what it prints.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>How long a server that was asked to end (SIGTERM) gets for it, before it is killed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Supervision _supervision;
    private readonly ChildProcess _child;
    private readonly ErrorText _output;
    private readonly Task _reading;

    private ServerProcess(Supervision supervision, ChildProcess child)
    {
        (_supervision, _child) = (supervision, child);
        _output = new ErrorText(child.Output);
        _reading = _output.ReadAsync(child.Silenced);
    }

    /// <summary>Completes when it has ended.</summary>
    public Task Exited => _child.Exited;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _child.Exited.IsCompleted;

    /// <summary>Starts a server.</summary>
    /// <exception cref="BrainException">There is no such program, or the system cannot start it.</exception>
    public static ServerProcess Start(BrainEntry brain, ServerStart start, TimeProvider time)
    {
        if (!ProgramFile.TryFind(start.Command[0], start.Directory, out var file, out var reason))
        {
            throw new BrainException(BrainFault.Unreachable, mayHaveBeenPaid: false, $"brain '{brain.Spec.Name}': its server's program {reason}");
        }

        var info = CleanStart.In(start.Directory);
        foreach (var name in start.Environment)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                info.Environment[name] = value;
            }
        }

        var supervision = new Supervision();
        supervision.Apply(info, file, start.Command.Skip(1));
        try
        {
            return new ServerProcess(supervision, ChildProcess.Start(info, supervision, time, Patience));
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            supervision.Dispose();
            throw new BrainException(BrainFault.Unreachable, mayHaveBeenPaid: false, $"brain '{brain.Spec.Name}': its server cannot be started: {e.Message}", e);
        }
    }

    /// <summary>What it printed, in a line.</summary>
    public async ValueTask<string> SaidAsync()
    {
        if (HasEnded)
        {
            await _reading.ConfigureAwait(false);
        }

        return string.Join(" | ", new[] { await _child.ErrorSummaryAsync().ConfigureAwait(false), _output.Summary() }.Where(text => text.Length > 0));
    }

    /// <summary>Ends it with all that it started.</summary>
    public async ValueTask DisposeAsync()
    {
        await _child.DisposeAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        _supervision.Dispose();
    }
}
