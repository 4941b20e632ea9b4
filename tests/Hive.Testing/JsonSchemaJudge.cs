using System.Diagnostics;

namespace Hive.Testing;

/// <summary>Judges JSON by a published schema, with Debian's python3-jsonschema.</summary>
public static class JsonSchemaJudge
{
    private const string Validator = """
        import json, sys, jsonschema
        validator = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
        jsonschema.Draft202012Validator.check_schema(validator.schema)
        for line in sys.stdin:
            print("valid" if validator.is_valid(json.loads(line)) else "invalid", flush=True)
        """;

    /// <summary>Judges documents.</summary>
    /// <param name="schema">The schema's path in the repository.</param>
    /// <param name="documents">The documents, each on one line.</param>
    /// <returns><c>valid</c> or <c>invalid</c> for each, in order.</returns>
    public static async Task<string[]> JudgeAsync(string schema, IEnumerable<string> documents)
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Validator);
        start.ArgumentList.Add(Repository.PathOf(schema));
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        foreach (var document in documents)
        {
            await process.StandardInput.WriteLineAsync(document);
        }

        process.StandardInput.Close();
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
