namespace Hive.Brains.Discovery;

/// <summary>Sorts models into tiers by their size.</summary>
public static class ModelTiers
{
    /// <summary>Small and free.</summary>
    public const string Edge = "edge";

    /// <summary>What a desktop runs.</summary>
    public const string Worker = "worker";

    /// <summary>Large or paid: asked rarely.</summary>
    public const string Core = "core";

    /// <summary>The tier of a model of one's own: up to 3 thousand million parameters edge, up to 14 worker, above core; unknown is worker.</summary>
    /// <param name="billions">Its parameters in thousand millions; absent where unknown.</param>
    public static string Of(double? billions) => billions switch
    {
        null => Worker,
        <= 3 => Edge,
        <= 14 => Worker,
        _ => Core,
    };
}
