using System.Diagnostics.CodeAnalysis;

namespace Hive.Agents;

/// <summary>An agent's key, <c>tier@silo/number</c>: it says where the agent lives, so that nobody has to look it up.</summary>
/// <param name="Tier">The tier: <c>edge</c>, <c>worker</c> or <c>core</c>.</param>
/// <param name="Silo">The name of the silo.</param>
/// <param name="Number">Which of the silo's agents, such as <c>17</c>, or <c>goal-17</c> for one that serves a single goal.</param>
public readonly record struct AgentKey(string Tier, string Silo, string Number)
{
    /// <summary>Reads a key.</summary>
    /// <param name="text">The key's text.</param>
    /// <param name="key">The key.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out AgentKey key)
    {
        key = default;
        var at = text?.IndexOf('@') ?? -1;
        var slash = at < 0 ? -1 : text!.IndexOf('/', at);
        if (at <= 0 || slash <= at + 1 || slash == text!.Length - 1)
        {
            return false;
        }

        key = new AgentKey(text[..at], text[(at + 1)..slash], text[(slash + 1)..]);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Tier}@{Silo}/{Number}";
}
