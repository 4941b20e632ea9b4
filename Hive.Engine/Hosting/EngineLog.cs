using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>What the engine has to say to whoever runs it.</summary>
internal sealed partial class EngineLog(ILogger logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(1, LogLevel.Error, "A turn of {GrainId} failed with nobody to tell")]
    internal partial void TurnFailed(GrainId grainId, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "{GrainId} could not be activated")]
    internal partial void ActivationFailed(GrainId grainId, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "{GrainId} failed in OnDeactivateAsync")]
    internal partial void DeactivationFailed(GrainId grainId, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "{GrainId} did not come back from OnDeactivateAsync in time; it is considered gone")]
    internal partial void DeactivationTimedOut(GrainId grainId);

    [LoggerMessage(5, LogLevel.Error, "Disposing of what {GrainId} used failed")]
    internal partial void DisposalFailed(GrainId grainId, Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "One-way call {Call} failed")]
    internal partial void OneWayCallFailed(string call, Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "Silo {Name} was not done in time; what still ran was broken off")]
    internal partial void StopTimedOut(string name);

    [LoggerMessage(8, LogLevel.Error, "A timer of {GrainId} failed; it goes on")]
    internal partial void TimerFailed(GrainId grainId, Exception exception);

    [LoggerMessage(9, LogLevel.Error, "Reminder {Reminder} of {GrainId} failed; it goes on")]
    internal partial void ReminderFailed(GrainId grainId, string reminder, Exception exception);

    [LoggerMessage(10, LogLevel.Error, "Reminders could not be read; trying again")]
    internal partial void RemindersNotRead(Exception exception);

    [LoggerMessage(11, LogLevel.Warning, "An item of stream {StreamId} could not be delivered to {Subscriber}; it is left out")]
    internal partial void StreamDeliveryFailed(StreamId streamId, string subscriber, Exception exception);
}
