namespace Hive.Storage;

/// <summary>
/// One lock file a goal, held open with an exclusive lock of the operating system (flock on Unix), which ends with the process. Beside it,
/// <c>ID.holder</c> says who has it, since a file that is locked so cannot be read. The lock files stay: removing one while another process
/// opens it would let two hold "the same" lock.
/// </summary>
internal sealed class FileGoalLocks(string directory, TimeProvider time) : GoalLocks
{
    /// <summary>What an open that meets a lock reports as <see cref="Exception.HResult"/>: EAGAIN on Linux and on macOS, a sharing violation on Windows.</summary>
    private static readonly int[] LockedResults = [11, 35, unchecked((int)0x80070020)];

    public override async Task<GoalLock> TryAcquireAsync(string goal, CancellationToken cancellation)
    {
        GoalLogGuard.CheckGoal(goal);
        var path = Path.Combine(directory, goal + ".lock");
        var holder = Path.Combine(directory, goal + ".holder");
        FileStream file;
        try
        {
            Directory.CreateDirectory(directory);
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (LockedResults.Contains(e.HResult))
        {
            return new GoalLock(await ReadHolderAsync(holder, cancellation).ConfigureAwait(false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                StorageFault.NotWritable, $"The lock file {path} cannot be written ({e.Message}). Check that this user may write {directory}.", e);
        }

        try
        {
            await File.WriteAllTextAsync(holder, Describe(time.GetUtcNow()), cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The lock holds without its description, which only helps a person.
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return new GoalLock(file.DisposeAsync, CancellationToken.None);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<string> ReadHolderAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await File.ReadAllTextAsync(path, cancellation).ConfigureAwait(false) is { Length: > 0 } holder ? holder : "another process";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
