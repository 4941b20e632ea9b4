using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Hive.Goals;
using Hive.Tools.Configuration;
using ModelContextProtocol.Protocol;

namespace Hive.Tools.Servers;

/// <summary>
/// What Hive takes from a server's list of tools. A tool only reads if its owner says so, or else if the server says so and nothing contradicts it: neither the owner,
/// nor the server's own word that it destroys, nor what the server said of it earlier. Everything else has side effects.
/// </summary>
/// <param name="server">The server, with its owner's word on its tools.</param>
internal sealed class ToolRules(ToolServer server)
{
    /// <summary>How many tools of a server are taken.</summary>
    public const int MaxTools = 128;

    /// <summary>How many characters of a description are taken.</summary>
    public const int MaxDescription = 2000;

    /// <summary>How many bytes a schema has at most.</summary>
    public const int MaxSchema = 16 * 1024;

    private const int MaxRemembered = 1024;
    private const string AnyObject = """{"type":"object"}""";

    private readonly Lock _lock = new();
    private readonly HashSet<string> _seenWithEffects = [];

    /// <summary>Reads a server's list.</summary>
    /// <param name="tools">The list, whole or more than <see cref="MaxTools"/> of it.</param>
    public ToolServerReport Read(IReadOnlyList<Tool> tools)
    {
        var notes = ImmutableArray.CreateBuilder<string>();
        var named = tools.Where(tool => ToolNames.IsTool(tool.Name)).ToArray();
        if (tools.FirstOrDefault(tool => !ToolNames.IsTool(tool.Name)) is { } odd)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{tools.Count - named.Length} tools are left out, because a tool's name has 1 to {ToolNames.MaxToolLength} of the letters a to z, digits, '_', '-' and '.'; one is named '{OutsideText.Line(odd.Name ?? "", 60)}'"));
        }

        var distinct = named.DistinctBy(tool => tool.Name).ToArray();
        if (distinct.Length < named.Length)
        {
            notes.Add("several tools have the same name; the first of them counts");
        }

        AddUnknown(notes, distinct);
        var allowed = distinct.Where(tool => Names(server.Allow, tool.Name) || Names(server.Allow, ToolNames.All)).ToArray();
        if (allowed.Length > MaxTools)
        {
            notes.Add($"it has more than {MaxTools} tools, of which the first are taken; name those that are needed under \"allow\"");
        }

        var specs = allowed.Take(MaxTools).Select(tool => Spec(tool, notes)).OrderBy(tool => tool.Name, StringComparer.Ordinal);
        return new ToolServerReport(server.Name, [.. specs], notes.ToImmutable(), Failure: null);
    }

    private static bool Names(ImmutableArray<string> list, string name) => list.Contains(name);

    private ToolSpec Spec(Tool tool, ImmutableArray<string>.Builder notes)
    {
        var schema = tool.InputSchema.GetRawText();
        if (Encoding.UTF8.GetByteCount(schema) > MaxSchema)
        {
            notes.Add($"the schema of '{tool.Name}' has more than {MaxSchema:N0} bytes and is left out");
            schema = AnyObject;
        }

        var description = OutsideText.Bounded(tool.Description ?? "", MaxDescription);
        var hasSideEffects = !IsReadOnly(tool);
        return new ToolSpec($"{server.Name}.{tool.Name}", description, schema, hasSideEffects)
        {
            IsApprovedByPolicy = hasSideEffects && (Names(server.Approve, tool.Name) || Names(server.Approve, ToolNames.All)),
        };
    }

    private bool IsReadOnly(Tool tool) => (Names(server.SideEffects, tool.Name), Names(server.ReadOnly, tool.Name)) switch
    {
        (true, _) => false,
        (_, true) => true,
        _ when Names(server.SideEffects, ToolNames.All) => false,
        _ when Names(server.ReadOnly, ToolNames.All) => true,
        _ => IsBelievedReadOnly(tool),
    };

    private bool IsBelievedReadOnly(Tool tool)
    {
        var says = tool.Annotations is { ReadOnlyHint: true } and not { DestructiveHint: true };
        lock (_lock)
        {
            if (!says && _seenWithEffects.Count < MaxRemembered)
            {
                _seenWithEffects.Add(tool.Name);
            }

            // A server that keeps renaming its tools has no more to be believed.
            return says && _seenWithEffects.Count < MaxRemembered && !_seenWithEffects.Contains(tool.Name);
        }
    }

    private void AddUnknown(ImmutableArray<string>.Builder notes, Tool[] tools)
    {
        (string Member, ImmutableArray<string> Names)[] lists =
            [("readOnly", server.ReadOnly), ("sideEffects", server.SideEffects), ("approve", server.Approve), ("allow", server.Allow)];
        foreach (var (member, names) in lists)
        {
            foreach (var name in names.Where(name => name != ToolNames.All && !tools.Any(tool => tool.Name == name)))
            {
                var meant = tools.FirstOrDefault(tool => Nearness.IsMisspelling(name, tool.Name))?.Name;
                notes.Add($"\"{member}\" names '{name}', which it does not have{(meant is null ? "" : $"; did you mean '{meant}'?")}");
            }
        }
    }
}
