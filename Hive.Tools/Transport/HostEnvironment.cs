namespace Hive.Tools.Transport;

/// <summary>Hive's own environment, where secrets of tool servers are.</summary>
internal static class HostEnvironment
{
    /// <summary>A variable's value.</summary>
    /// <param name="name">The variable's name.</param>
    /// <exception cref="ToolServerException">It is not set.</exception>
    public static string Required(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
        ? value
        : throw new ToolServerException($"the environment variable {name}, which hive.json names for it, is not set");
}
