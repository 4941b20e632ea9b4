using Orleans.Runtime;

namespace Orleans
{
    /// <summary>A grain that can be reminded, even after it was deactivated or its silo died.</summary>
    public interface IRemindable : IGrain
    {
        /// <summary>Called when a reminder of this grain is due. A tick that finds the one before it still running is left out.</summary>
        /// <param name="reminderName">Which reminder.</param>
        /// <param name="status">Where it is in its sequence of ticks.</param>
        Task ReceiveReminder(string reminderName, TickStatus status);
    }
}

namespace Orleans.Runtime
{
    /// <summary>A reminder that a grain holds.</summary>
    public interface IGrainReminder
    {
        /// <summary>Its name, unique in its grain.</summary>
        string ReminderName { get; }
    }

    /// <summary>Where a reminder is in its sequence of ticks; times are UTC.</summary>
    public readonly struct TickStatus
    {
        internal TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
        {
            FirstTickTime = firstTickTime;
            Period = period;
            CurrentTickTime = timeStamp;
        }

        /// <summary>The first tick.</summary>
        public DateTime FirstTickTime { get; }

        /// <summary>From tick to tick.</summary>
        public TimeSpan Period { get; }

        /// <summary>This tick.</summary>
        public DateTime CurrentTickTime { get; }

        /// <inheritdoc/>
        public override string ToString() => $"<{FirstTickTime:O}, {Period}, {CurrentTickTime:O}>";
    }

    /// <summary>A reminder could not be made, changed or removed.</summary>
    public sealed class ReminderException : OrleansException
    {
        /// <summary>Makes the exception.</summary>
        public ReminderException(string message)
            : base(message)
        {
        }
    }
}
