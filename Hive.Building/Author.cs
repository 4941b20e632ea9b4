namespace Hive.Building;

/// <summary>Who makes commits.</summary>
internal static class Author
{
    /// <summary>The name.</summary>
    public const string Name = "Hive";

    /// <summary>The address; it is nobody's.</summary>
    public const string Email = "hive@localhost";
}
