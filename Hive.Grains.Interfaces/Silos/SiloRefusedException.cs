namespace Hive.Silos;

/// <summary>The hub does not take a silo in: its name belongs to another that is alive, its announcement is out of bounds, or it speaks another version.</summary>
/// <param name="message">What is wrong and how to mend it.</param>
[GenerateSerializer, Alias("hive.silo-refused")]
public sealed class SiloRefusedException(string message) : InvalidOperationException(message)
{
    /// <summary>In how many seconds the name is free if its present holder is dead; 0 where waiting does not help.</summary>
    [Id(0)]
    public double SecondsToWait { get; init; }
}
