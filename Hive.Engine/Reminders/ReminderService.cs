using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>
/// Keeps a silo's reminders. Every silo may change the table; one, the most preferred of those that have reminders, ticks for all, so that each
/// tick is sent once. Whoever becomes that silo reads the table first, and reads it again at intervals.
/// </summary>
internal sealed class ReminderService(Silo silo, IReminderTable table, IOptions<ReminderOptions> options)
{
    private const int Spare = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<(GrainId GrainId, string Name), Reminder> _reminders = [];
    private readonly PriorityQueue<Reminder, DateTime> _due = new();
    private ITimer? _timer;
    private DateTime _nextRead;
    private bool _isLeader;

    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        await table.StartAsync(cancellationToken);
        await ReadAsync();
        _timer = silo.TimeProvider.CreateTimer(static state => ((ReminderService)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        SetTimer();
    }

    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_timer is not null) await _timer.DisposeAsync();
        await table.StopAsync(cancellationToken);
    }

    internal void Kill() => _timer?.Dispose();

    internal async Task<IGrainReminder> RegisterOrUpdateReminder(GrainId grainId, string name, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        if (period < options.Value.MinimumReminderPeriod)
        {
            throw new ArgumentException($"A reminder's period must be at least {options.Value.MinimumReminderPeriod}; '{name}' has {period}.", nameof(period));
        }

        var entry = new ReminderEntry { GrainId = grainId, ReminderName = name, StartAt = Now + dueTime, Period = period };
        entry.ETag = await table.UpsertRow(entry) ?? "";
        foreach (var service in Others()) service.Take(entry);
        return new Handle(name, entry.ETag);
    }

    internal async Task UnregisterReminder(GrainId grainId, IGrainReminder reminder)
    {
        if (reminder is not Handle handle) throw new ArgumentException("This reminder is not of this engine.", nameof(reminder));
        if (!await table.RemoveRow(grainId, handle.ReminderName, handle.ETag))
        {
            throw new ReminderException($"Reminder '{handle.ReminderName}' of {grainId} has been changed or removed since it was read.");
        }

        foreach (var service in Others()) service.Drop(grainId, handle.ReminderName);
    }

    internal async Task<IGrainReminder?> GetReminder(GrainId grainId, string name) =>
        await table.ReadRow(grainId, name) is { } entry ? new Handle(entry.ReminderName, entry.ETag) : null;

    internal async Task<List<IGrainReminder>> GetReminders(GrainId grainId) =>
        [.. (await table.ReadRows(grainId)).Reminders.Select(entry => new Handle(entry.ReminderName, entry.ETag))];

    private DateTime Now => silo.TimeProvider.GetUtcNow().UtcDateTime;

    /// <summary>The reminder services of the process, this one too, the one that ticks first.</summary>
    private IEnumerable<ReminderService> Others() =>
        silo.Fabric.View.Silos.Where(entry => entry.TakesActivations).Select(entry => entry.Local?.Reminders).OfType<ReminderService>();

    private async Task ReadAsync()
    {
        // The open interval from a point to itself is the whole circle.
        var rows = await table.ReadRows(0, 0);
        lock (_lock)
        {
            var known = rows.Reminders.ToDictionary(entry => (entry.GrainId, entry.ReminderName));
            foreach (var key in _reminders.Keys.Where(key => !known.ContainsKey(key)).ToList()) _reminders.Remove(key);
            foreach (var entry in known.Values) TakeLocked(entry);
            _nextRead = Now + options.Value.RefreshReminderListPeriod;
        }
    }

    private void Take(ReminderEntry entry)
    {
        lock (_lock) TakeLocked(entry);
        SetTimer();
    }

    private void TakeLocked(ReminderEntry entry)
    {
        var key = (entry.GrainId, entry.ReminderName);
        if (_reminders.TryGetValue(key, out var known) && known.Entry.ETag == entry.ETag) return;
        var reminder = new Reminder(entry, silo.Factory.CreateReference<IRemindable>(entry.GrainId));
        _reminders[key] = reminder;
        _due.Enqueue(reminder, NextTick(entry, Now));
        if (_due.Count > (2 * _reminders.Count) + Spare) DropStale();
    }

    /// <summary>What was changed or removed stays among the due until its time; where that is more than half, it goes now.</summary>
    private void DropStale()
    {
        var current = _due.UnorderedItems.Where(one => IsCurrent(one.Element)).ToList();
        _due.Clear();
        _due.EnqueueRange(current);
    }

    private void Drop(GrainId grainId, string name)
    {
        lock (_lock) _reminders.Remove((grainId, name));
    }

    /// <summary>The first of StartAt, StartAt + Period, StartAt + 2·Period, … that is not before <paramref name="now"/>.</summary>
    private static DateTime NextTick(ReminderEntry entry, DateTime now)
    {
        if (entry.StartAt >= now) return entry.StartAt;
        var ticks = ((now - entry.StartAt).Ticks + entry.Period.Ticks - 1) / entry.Period.Ticks;
        return entry.StartAt + (ticks * entry.Period);
    }

    private void SetTimer()
    {
        lock (_lock)
        {
            var next = _due.TryPeek(out _, out var due) && due < _nextRead ? due : _nextRead;
            var wait = next - Now;
            _timer?.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer() => _ = RunAsync();

    private async Task RunAsync()
    {
        try
        {
            var isLeader = ReferenceEquals(Others().FirstOrDefault(), this);
            if (Now >= _nextRead || (isLeader && !_isLeader)) await ReadAsync();
            _isLeader = isLeader;
        }
        catch (Exception exception)
        {
            silo.Log.RemindersNotRead(exception);
            lock (_lock) _nextRead = Now + TimeSpan.FromSeconds(1);
        }

        foreach (var (reminder, tick) in TakeDue())
        {
            if (_isLeader) _ = TickAsync(reminder, tick);
        }

        SetTimer();
    }

    private List<(Reminder Reminder, DateTime Tick)> TakeDue()
    {
        lock (_lock)
        {
            var now = Now;
            var due = new List<(Reminder, DateTime)>();
            while (_due.TryPeek(out var reminder, out var tick) && tick <= now)
            {
                _due.Dequeue();
                if (!IsCurrent(reminder)) continue;
                due.Add((reminder, tick));
                _due.Enqueue(reminder, NextTick(reminder.Entry, now.AddTicks(1)));
            }

            return due;
        }
    }

    private bool IsCurrent(Reminder reminder) =>
        _reminders.TryGetValue((reminder.Entry.GrainId, reminder.Entry.ReminderName), out var current) && ReferenceEquals(current, reminder);

    private async Task TickAsync(Reminder reminder, DateTime tick)
    {
        if (!reminder.TryBegin()) return;
        try
        {
            await reminder.Grain.ReceiveReminder(reminder.Entry.ReminderName, new TickStatus(reminder.Entry.StartAt, reminder.Entry.Period, tick));
        }
        catch (Exception exception)
        {
            silo.Log.ReminderFailed(reminder.Entry.GrainId, reminder.Entry.ReminderName, exception);
        }
        finally
        {
            reminder.End();
        }
    }

    private sealed class Reminder(ReminderEntry entry, IRemindable grain)
    {
        private int _isTicking;

        public ReminderEntry Entry { get; } = entry;

        public IRemindable Grain { get; } = grain;

        public bool TryBegin() => Interlocked.Exchange(ref _isTicking, 1) == 0;

        public void End() => Volatile.Write(ref _isTicking, 0);
    }

    private sealed record Handle(string ReminderName, string ETag) : IGrainReminder;
}
