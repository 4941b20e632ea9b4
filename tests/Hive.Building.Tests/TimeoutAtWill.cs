namespace Hive.Building.Tests;

/// <summary>The system's time, but one time-out passes when the test says so.</summary>
internal sealed class TimeoutAtWill : TimeProvider
{
    private Action? _pass;

    /// <summary>The time-out, which nothing else has.</summary>
    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(12_345);

    /// <summary>Lets it pass; it must have begun.</summary>
    public void Pass() => _pass!();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == Timeout)
        {
            _pass = () => callback(state);
        }

        return base.CreateTimer(callback, state, dueTime, period);
    }
}
