namespace Hive.Cognition.Agents;

/// <summary>The attitude that an attempt is made with, so that attempts at one task do not all think alike.</summary>
public enum Role
{
    /// <summary>Looks for what is new.</summary>
    Explorer,

    /// <summary>Distrusts the obvious.</summary>
    Sceptic,

    /// <summary>Tries out what it says.</summary>
    Tester,

    /// <summary>Goes for what is simplest and known to work.</summary>
    Scout,
}
