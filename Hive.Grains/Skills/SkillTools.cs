using System.Collections.Immutable;
using System.Text.Json;
using Hive.Tools;

namespace Hive.Skills;

/// <summary>
/// The skills of a hive as tools: <c>skill.NAME</c>, or <c>skill.ADDRESS</c> (its first 12 digits) where the name is no tool's name or several skills share it. They run in the sandbox, where
/// nothing can be changed: all of them only read.
/// </summary>
/// <param name="grains">Where the skills are.</param>
/// <param name="runner">The key of the <see cref="ISkillRunnerGrain"/> that runs them.</param>
public sealed class SkillTools(IGrainFactory grains, string runner) : ITools
{
    /// <summary>The first part of the tools' names.</summary>
    public const string Server = "skill";

    private const int ShownDigits = 12;

    private const string Schema = """
        {"type":"object","properties":{"arguments":{"type":"array","items":{"type":"string"},"description":"its arguments"},"input":{"type":"string","description":"its standard input"}},"additionalProperties":false}
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<ToolSpec>> ListAsync(CancellationToken cancellation) =>
        [.. (await NamedAsync(cancellation)).Select(skill => new ToolSpec(skill.Name, Describe(skill.Manifest), Schema, HasSideEffects: false))];

    /// <inheritdoc/>
    public async Task<ToolResult> CallAsync(string name, string arguments, CancellationToken cancellation)
    {
        if ((await NamedAsync(cancellation)).FirstOrDefault(skill => skill.Name == name).Manifest is not { } manifest)
        {
            return ToolResult.From($"there is no tool '{name}'", isError: true);
        }

        if (ToolArguments.Mistake(arguments) is { } mistake)
        {
            return ToolResult.From(mistake, isError: true);
        }

        if (Read(arguments) is not { } call)
        {
            return ToolResult.From("the arguments are not those of a skill; write {\"arguments\": [\"text\", …], \"input\": \"text\"}, both of which may be left out", isError: true);
        }

        try
        {
            var result = await grains.GetGrain<ISkillRunnerGrain>(runner).RunAsync(manifest.Address, call, cancellation).WaitAsync(cancellation);
            return Told(result);
        }
        catch (KeyNotFoundException)
        {
            return ToolResult.From($"the skill '{name}' was removed", isError: true);
        }
    }

    private static ToolResult Told(SkillResult result) => result switch
    {
        { Failure: { } failure } => ToolResult.From($"{failure}\n{result.Output}{result.Error}", isError: true),
        { ExitCode: 0 } => ToolResult.From(result.Output, isError: false),
        _ => ToolResult.From($"it ended with status {result.ExitCode}\n{result.Output}{result.Error}", isError: true),
    };

    private static string Describe(SkillManifest skill)
    {
        var example = skill.Tests.FirstOrDefault() is { } test
            ? $" Given {JsonSerializer.Serialize(new { arguments = test.Call.Arguments, input = test.Call.Input })} it prints {JsonSerializer.Serialize(test.Output)}."
            : "";
        return ToolResult.From($"A program that reads standard input and writes standard output, in a sandbox.{(example.Length <= 500 ? example : "")}", isError: false).Text;
    }

    private static SkillCall? Read(string arguments)
    {
        using var document = JsonDocument.Parse(arguments);
        var (words, input) = (ImmutableArray<string>.Empty, "");
        foreach (var member in document.RootElement.EnumerateObject())
        {
            switch (member.Name, member.Value.ValueKind)
            {
                case ("input", JsonValueKind.String):
                    input = member.Value.GetString()!;
                    break;
                case ("arguments", JsonValueKind.Array) when member.Value.EnumerateArray().All(word => word.ValueKind == JsonValueKind.String):
                    words = [.. member.Value.EnumerateArray().Select(word => word.GetString()!)];
                    break;
                default:
                    return null;
            }
        }

        return new SkillCall(words, input);
    }

    private async Task<ImmutableArray<(string Name, SkillManifest Manifest)>> NamedAsync(CancellationToken cancellation)
    {
        var skills = await grains.GetGrain<ISkillIndexGrain>(ISkillIndexGrain.Key).ListAsync().WaitAsync(cancellation);
        var shared = skills.CountBy(skill => skill.Name).ToDictionary();
        return
        [
            .. skills
                .Select(skill => ($"{Server}.{(ToolNames.IsTool(skill.Name) && shared[skill.Name] == 1 ? skill.Name : skill.Address[..ShownDigits])}", skill))
                .DistinctBy(named => named.Item1)
                .OrderBy(named => named.Item1, StringComparer.Ordinal),
        ];
    }
}
