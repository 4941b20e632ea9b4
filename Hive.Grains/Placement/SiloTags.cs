namespace Hive.Placement;

/// <summary>The names of a silo's metadata that placement reads.</summary>
public static class SiloTags
{
    /// <summary>The silo's role; <see cref="Hub"/> on the silo that holds authority, absent elsewhere.</summary>
    public const string Role = "role";

    /// <summary>The value of <see cref="Role"/> on a hub.</summary>
    public const string Hub = "hub";

    /// <summary>The silo's tier.</summary>
    public const string Tier = "tier";

    /// <summary>The silo's name.</summary>
    public const string Name = "name";
}
