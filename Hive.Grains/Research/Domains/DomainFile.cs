using System.Text.Json;
using System.Text.Json.Nodes;
using Hive.Goals;

namespace Hive.Research.Domains;

/// <summary>
/// Reads a user's domain: a goal file's <c>space</c> and <c>check</c>, and beside them what research needs (<c>docs/your-own-domain.md</c>). Any goal file with a metric is a domain
/// too; its budget, agents and seed say nothing there.
/// </summary>
internal static class DomainFile
{
    private const int MaxName = 40;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>Reads a domain from a file; relative paths start from the file's folder.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DomainException">The file cannot be read, or is no valid domain; the message names the file and each mistake with its path.</exception>
    public static DomainSpec Load(string path)
    {
        string text;
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length > GoalFile.MaxBytes) throw new DomainException($"{path} has {file.Length:N0} bytes; a domain file may have {GoalFile.MaxBytes:N0}");
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DomainException($"there is no file {path}; give the path of a domain file (docs/your-own-domain.md)", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DomainException($"{path} cannot be read: {e.Message}", e);
        }

        try
        {
            return Parse(text, Path.GetFileNameWithoutExtension(path), Path.GetDirectoryName(Path.GetFullPath(path)));
        }
        catch (GoalSpecException e)
        {
            throw new DomainException($"{path}: {string.Join("; ", e.Mistakes)}", e);
        }
    }

    /// <summary>Reads a domain from its JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="name">What it is called unless it says so itself.</param>
    /// <param name="directory">Where relative paths start from.</param>
    /// <exception cref="GoalSpecException">It is no valid domain; each mistake with its path.</exception>
    public static DomainSpec Parse(string json, string name, string? directory)
    {
        JsonObject file;
        try
        {
            file = JsonNode.Parse(json, documentOptions: Strict) as JsonObject ?? throw Mistake("$", "a domain is a JSON object");
        }
        catch (JsonException)
        {
            // The reader of goals says where in the text it is no JSON.
            _ = GoalFile.Parse(json);
            throw;
        }

        var own = new OwnMembers(file, name);
        file["objective"] ??= own.Name;
        file["budget"] = new JsonObject { ["evaluations"] = 1 };
        var goal = GoalFile.Parse(file.ToJsonString(), directory);
        if (goal.Metric is null) throw Mistake("check", "experiments are measured; write {\"metric\": {…}}");
        if (own.TakesSeed) CheckSeed(goal);
        var held = own.TestEvaluator is null ? null : Held(file, own.TestEvaluator, directory);
        return new DomainSpec(own.Name, goal) { TestEvaluator = held, Baseline = own.Baseline, TakesSeed = own.TakesSeed, Penalty = own.Penalty };
    }

    private static EvaluatorSpec Held(JsonObject file, JsonNode evaluator, string? directory)
    {
        const string Place = "check.metric.evaluator";
        file["check"]!["metric"]!["evaluator"] = evaluator;
        try
        {
            return GoalFile.Parse(file.ToJsonString(), directory).Metric!.Evaluator;
        }
        catch (GoalSpecException e)
        {
            throw new GoalSpecException([.. e.Mistakes.Select(mistake => mistake with { Path = mistake.Path.Replace(Place, "testEvaluator", StringComparison.Ordinal) })]);
        }
    }

    private static void CheckSeed(GoalSpec goal)
    {
        if (goal.Metric!.Evaluator is BuiltinEvaluatorSpec) throw Mistake("seeds", "a built-in evaluator takes no seed; leave this out");
        if (goal.Space.Any(dimension => dimension.Name == DomainSpec.SeedName)) throw Mistake($"space.{DomainSpec.SeedName}", "this name is taken by the seed; rename it, or leave \"seeds\" out");
    }

    private static GoalSpecException Mistake(string path, string message) => new([new GoalMistake(path, message)]);

    /// <summary>The members that a goal does not have; taking them leaves a goal.</summary>
    private sealed class OwnMembers
    {
        public OwnMembers(JsonObject file, string name)
        {
            var named = Take(file, "name");
            Name = named is null ? new string([.. name.Where(IsOfName).Take(MaxName)])
                : named.GetValueKind() == JsonValueKind.String && named.GetValue<string>() is { Length: > 0 and <= MaxName } text && text.All(IsOfName) ? text
                : throw Mistake("name", $"this must be 1 to {MaxName} letters, digits, '-' and '_'");
            if (Name.Length == 0) throw Mistake("name", "this is missing, and the file's name has no letters; name the domain");
            TakesSeed = Take(file, "seeds") switch
            {
                null => false,
                { } seeds when seeds.GetValueKind() is JsonValueKind.True or JsonValueKind.False => seeds.GetValue<bool>(),
                _ => throw Mistake("seeds", "this must be true (the evaluator takes a seed) or false"),
            };
            Penalty = Take(file, "penalty") switch
            {
                null => null,
                { } penalty when penalty.GetValueKind() == JsonValueKind.Number && penalty.GetValue<double>() is var number && number > 0 && double.IsFinite(number) => number,
                _ => throw Mistake("penalty", "this must be a number above 0: how much a unit of violation costs in the metric"),
            };
            Baseline = Take(file, "baseline")?.ToJsonString();
            TestEvaluator = Take(file, "testEvaluator");
        }

        public string Name { get; }

        public bool TakesSeed { get; }

        public double? Penalty { get; }

        public string? Baseline { get; }

        public JsonNode? TestEvaluator { get; }

        private static bool IsOfName(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_';

        private static JsonNode? Take(JsonObject file, string member)
        {
            var value = file[member];
            file.Remove(member);
            return value;
        }
    }
}
