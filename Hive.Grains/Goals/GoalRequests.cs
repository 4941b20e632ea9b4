using System.Text;
using System.Text.Json;

namespace Hive.Goals;

/// <summary>What a process may leave in the database for whoever runs a goal.</summary>
public static class GoalRequests
{
    /// <summary>Call the goal off.</summary>
    public const string Cancel = "cancel";

    /// <summary>A person answers what the goal asks; the body is a <see cref="GoalApproval"/>.</summary>
    public const string Approve = "approve";

    /// <summary>An approval as it is left in the database.</summary>
    /// <param name="approval">The approval.</param>
    public static byte[] Write(GoalApproval approval) => Encoding.UTF8.GetBytes(approval.ToJson());

    /// <summary>An approval as it was left; absent where it is none.</summary>
    /// <param name="body">What was left.</param>
    public static GoalApproval? ReadApproval(ReadOnlyMemory<byte> body)
    {
        try
        {
            return GoalApproval.FromJson(Encoding.UTF8.GetString(body.Span));
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }
}
