using System.Text;

namespace Hive.Brains.Scripted;

/// <summary>One message of a conversation.</summary>
/// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</param>
/// <param name="Text">What it says.</param>
internal readonly record struct ScriptedMessage(string Role, string Text);

/// <summary>What a scripted brain is asked, however the question arrived.</summary>
internal sealed class ScriptedRequest(ScriptedMessage[] messages, string? schema, int? maxTokens, string? key)
{
    /// <summary>The role of a request that asks for no JSON.</summary>
    public const string TextRole = "text";

    private string? _everything;
    private string? _asked;

    /// <summary>The name of the JSON schema that the answer must follow, or <c>text</c>.</summary>
    public string Role { get; } = schema ?? TextRole;

    /// <summary>Whether the answer must be JSON.</summary>
    public bool WantsJson => schema is not null;

    /// <summary>How many tokens the answer may have.</summary>
    public int? MaxTokens => maxTokens;

    /// <summary>The idempotency key.</summary>
    public string? Key => key;

    /// <summary>All messages, a line apart.</summary>
    public string Everything => _everything ??= messages is [var only] ? only.Text : string.Join('\n', messages.Select(message => message.Text));

    /// <summary>What the user said: neither the system's part nor the brain's own.</summary>
    public string Asked => _asked ??= OfUser();

    /// <summary>The last message of the user.</summary>
    public string LastAsked => messages.LastOrDefault(message => message.Role == "user").Text ?? "";

    /// <summary>Whether the conversation ends with what tools said.</summary>
    public bool HasToolResult => messages is [.., { Role: "tool" }];

    /// <summary>How many tokens were asked: a quarter of the bytes, rounded up.</summary>
    public long PromptTokens()
    {
        var bytes = 0L;
        foreach (var message in messages)
        {
            bytes += Encoding.UTF8.GetByteCount(message.Text);
        }

        return TokenCount.OfBytes(bytes);
    }

    private string OfUser()
    {
        var only = default(string);
        foreach (var message in messages)
        {
            if (message.Role != "user")
            {
                continue;
            }

            if (only is not null)
            {
                return string.Join('\n', messages.Where(each => each.Role == "user").Select(each => each.Text));
            }

            only = message.Text;
        }

        return only ?? "";
    }
}
