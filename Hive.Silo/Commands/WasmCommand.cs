using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Hive.Silo.Display;
using Hive.Wasm.Spec;

namespace Hive.Silo.Commands;

/// <summary><c>hive wasm spec DIR</c>: runs the official WebAssembly test suite against the sandbox.</summary>
internal static class WasmCommand
{
    public static Command Create(CommandConsole console)
    {
        var folder = new Argument<string>("folder") { Description = "The folder with the suite's .wast files." };
        var json = CommonOptions.Json();
        var spec = new Command("spec", "Run the official test suite: per file, what passed, failed and was skipped, and why.") { folder, json };
        spec.SetAction((arguments, cancellation) => Task.FromResult(Run(console, arguments.GetRequiredValue(folder), arguments.GetValue(json), cancellation)));
        return new Command("wasm", "Look after the WebAssembly sandbox.") { spec };
    }

    private static int Run(CommandConsole console, string folder, bool json, CancellationToken cancellation)
    {
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.wast").Order(StringComparer.Ordinal).ToArray() : [];
        if (files.Length == 0)
        {
            throw new BadInputException($"there are no .wast files in '{folder}'; name the folder of the official test suite");
        }

        var results = new List<SpecFileResult>();
        foreach (var file in files)
        {
            var result = SpecRunner.Run(file, cancellation);
            results.Add(result);
            (json ? console.Error : console.Output).WriteLine(Line(result));
        }

        if (json)
        {
            console.Output.WriteLine(Json(results));
        }

        console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{results.Count} files: {results.Sum(result => result.Passed):N0} passed, {results.Sum(result => result.Failed):N0} failed, {results.Sum(result => result.Skipped):N0} skipped"));
        return results.TrueForAll(result => result.Failed == 0) ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Line(SpecFileResult result)
    {
        var why = result.Failures.Concat(result.Skips).Select(note => $"line {note.Line}: {note.Reason}").FirstOrDefault();
        return string.Create(CultureInfo.InvariantCulture, $"{result.File,-36} {result.Passed,6} passed {result.Failed,4} failed {result.Skipped,4} skipped  {why}");
    }

    private static string Json(List<SpecFileResult> results) => JsonText.Of(writer =>
    {
        writer.WriteStartArray();
        foreach (var result in results)
        {
            writer.WriteStartObject();
            writer.WriteString("file", result.File);
            writer.WriteNumber("passed", result.Passed);
            writer.WriteNumber("failed", result.Failed);
            writer.WriteNumber("skipped", result.Skipped);
            Notes(writer, "failures", result.Failures);
            Notes(writer, "reasons", result.Skips);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static void Notes(Utf8JsonWriter writer, string name, IReadOnlyList<SpecNote> notes)
    {
        if (notes.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var note in notes)
        {
            writer.WriteStartObject();
            writer.WriteNumber("line", note.Line);
            writer.WriteString("reason", note.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
