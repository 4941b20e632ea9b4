namespace Hive.Silos;

/// <summary>The tiers of hardware, the cheapest first.</summary>
public static class Tiers
{
    /// <summary>Small, free, opportunistic.</summary>
    public const string Edge = "edge";

    /// <summary>A desktop.</summary>
    public const string Worker = "worker";

    /// <summary>A GPU server or a paid API: rare, decisive.</summary>
    public const string Core = "core";

    /// <summary>All tiers, the cheapest first.</summary>
    public static IReadOnlyList<string> All { get; } = [Edge, Worker, Core];
}
