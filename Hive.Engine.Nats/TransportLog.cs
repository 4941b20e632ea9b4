using Microsoft.Extensions.Logging;

namespace Hive.Engine.Nats;

/// <summary>What the transport tells people.</summary>
internal sealed partial class TransportLog(ILogger logger)
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Silo} got {Bytes} bytes that are no message of a silo; they are ignored")]
    public partial void Stray(string silo, int bytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Silo} could not answer a call")]
    public partial void NotAnswered(Exception e, string silo);

    [LoggerMessage(Level = LogLevel.Information, Message = "Silo {Silo} has joined")]
    public partial void Joined(string silo);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Silo} is gone: {Reason}")]
    public partial void Gone(string silo, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Silo {Silo} has taken its leave")]
    public partial void Left(string silo);

    [LoggerMessage(Level = LogLevel.Error, Message = "An announcement was refused: {Reason}")]
    public partial void Refused(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Silo} looks for a hub of cluster {Cluster}; none answers")]
    public partial void NoHub(string silo, string cluster);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Silo} has not taken its leave properly")]
    public partial void NotWithdrawn(Exception e, string silo);

    [LoggerMessage(Level = LogLevel.Error, Message = "What had to be done for the grid's silos failed")]
    public partial void Failed(Exception e);
}
