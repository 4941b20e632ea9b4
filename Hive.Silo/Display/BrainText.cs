using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Hive.Brains;
using Hive.Brains.Configuration;

namespace Hive.Silo.Display;

/// <summary>How asking a brain a tiny question went.</summary>
/// <param name="Brain">The brain.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Answer">What it answered; absent where it failed.</param>
/// <param name="TokensIn">How many tokens the question had, by the server's account.</param>
/// <param name="TokensOut">How many tokens the answer had, by the server's account.</param>
/// <param name="Fault">How it failed; absent where it did not.</param>
/// <param name="Error">What is wrong, and how to mend it.</param>
internal sealed record BrainTest(BrainSpec Brain, TimeSpan Took, string? Answer, long? TokensIn, long? TokensOut, BrainFault? Fault, string? Error);

/// <summary>Brains as text and as JSON. No key is ever shown: none is known here.</summary>
internal static class BrainText
{
    private const int ShownAnswer = 60;

    public static void Write(TextWriter output, ImmutableArray<BrainEntry> brains, string?[] away)
    {
        string[] heads = ["NAME", "TIER", "MODEL", "FROM", "ENDPOINT", "AT ONCE", "CONTEXT", "PRICE IN/OUT", "ANSWERS"];
        WriteTable(output, [heads, .. brains.Zip(away, (brain, why) => new[]
        {
            brain.Spec.Name,
            brain.Spec.Tier,
            brain.Spec.Model,
            brain.Origin,
            brain.Endpoint.ToString().TrimEnd('/'),
            brain.Spec.MaxConcurrency.ToString(CultureInfo.InvariantCulture),
            brain.Spec.ContextTokens.ToString("N0", CultureInfo.InvariantCulture),
            Price(brain.Spec),
            why is null ? "yes" : $"no: {why}",
        })]);
    }

    public static void Write(TextWriter output, BrainTest[] tests)
    {
        foreach (var test in tests)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{test.Brain.Name} ({test.Brain.Tier}, {test.Brain.Model}): {Story(test)}"));
        }
    }

    public static string Json(ImmutableArray<BrainEntry> brains, string?[] away) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("brains");
        foreach (var (brain, why) in brains.Zip(away))
        {
            writer.WriteStartObject();
            WriteSpec(writer, brain.Spec);
            writer.WriteString("from", brain.Origin);
            writer.WriteString("endpoint", brain.Endpoint.ToString().TrimEnd('/'));
            writer.WriteNumber("maxConcurrency", brain.Spec.MaxConcurrency);
            writer.WriteNumber("contextTokens", brain.Spec.ContextTokens);
            writer.WriteNumber("pricePerMillionIn", brain.Spec.PricePerMillionIn);
            writer.WriteNumber("pricePerMillionOut", brain.Spec.PricePerMillionOut);
            writer.WriteBoolean("answers", why is null);
            if (why is not null) writer.WriteString("why", why);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (brains.IsEmpty) writer.WriteString("advice", BrainAdvice.NoBrain);
        writer.WriteEndObject();
    });

    public static string Json(BrainTest[] tests) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("tests");
        foreach (var test in tests)
        {
            writer.WriteStartObject();
            WriteSpec(writer, test.Brain);
            writer.WriteBoolean("ok", test.Error is null);
            writer.WriteNumber("milliseconds", Math.Round(test.Took.TotalMilliseconds, 1));
            if (test.Answer is not null) writer.WriteString("answer", test.Answer);
            if (test.TokensIn is { } input) writer.WriteNumber("tokensIn", input);
            if (test.TokensOut is { } answered) writer.WriteNumber("tokensOut", answered);
            if (test.Fault is { } fault) writer.WriteString("fault", fault.ToString());
            if (test.Error is not null) writer.WriteString("error", test.Error);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void WriteSpec(Utf8JsonWriter writer, BrainSpec brain)
    {
        writer.WriteString("name", brain.Name);
        writer.WriteString("model", brain.Model);
        writer.WriteString("tier", brain.Tier);
    }

    private static string Story(BrainTest test) => test switch
    {
        { Error: { } error } => $"{test.Fault}: {error}",
        { Answer: { } answer } => string.Create(
            CultureInfo.InvariantCulture, $"\"{Short(answer)}\" in {test.Took.TotalMilliseconds:N0} ms, {Count(test.TokensIn)} tokens in, {Count(test.TokensOut)} out"),
        _ => "no answer",
    };

    private static string Count(long? tokens) => tokens?.ToString("N0", CultureInfo.InvariantCulture) ?? "unknown";

    private static string Short(string answer)
    {
        var line = string.Concat(answer.Trim().Select(letter => char.IsControl(letter) ? ' ' : letter));
        return line.Length <= ShownAnswer ? line : line[..ShownAnswer] + "…";
    }

    private static string Price(BrainSpec brain) =>
        brain is { PricePerMillionIn: 0, PricePerMillionOut: 0 } ? "free" : string.Create(CultureInfo.InvariantCulture, $"{brain.PricePerMillionIn:0.####}/{brain.PricePerMillionOut:0.####}");

    private static void WriteTable(TextWriter output, string[][] rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
