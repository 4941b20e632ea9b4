namespace Hive.Basins;

/// <summary>A basin as it travels.</summary>
public sealed class BasinPacket
{
    /// <summary>The largest packet, in bytes.</summary>
    public const int MaxBytes = 4096;
}
