namespace Hive.Leaderboards;

/// <summary>
/// One write for all who ask while another is under way: each is answered by a write that began after it asked. For one grain's turns, which do not run at the same time.
/// </summary>
/// <param name="write">Writes the state as it is when it is called.</param>
internal sealed class SharedWrite(Func<Task> write)
{
    private Task _current = Task.CompletedTask;
    private Task? _next;

    /// <summary>Completes when what there was at the call is written.</summary>
    public Task WriteAsync()
    {
        if (_next is null && _current.IsCompleted)
        {
            return _current = write();
        }

        return _next ??= AfterAsync(_current);
    }

    private async Task AfterAsync(Task before)
    {
        // What came of the one before is for those to know who asked for it.
        await Task.WhenAny(before);
        _next = null;
        await (_current = write());
    }
}
