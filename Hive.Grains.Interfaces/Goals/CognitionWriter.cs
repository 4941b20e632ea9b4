using System.Text.Json;

namespace Hive.Goals;

/// <summary>Writes what <see cref="CognitionReader"/> reads.</summary>
internal static class CognitionWriter
{
    public static void Check(Utf8JsonWriter writer, CognitionSpec spec)
    {
        if (spec.Tests is { } tests)
        {
            writer.WriteStartObject("tests");
            if (tests.Wasm is { } wasm)
            {
                writer.WriteString("wasm", wasm.File);
                if (wasm.Fuel is { } fuel)
                {
                    writer.WriteNumber("fuel", fuel);
                }
            }
            else
            {
                Texts(writer, "command", tests.Command);
            }

            writer.WriteNumber("timeoutSeconds", tests.TimeoutSeconds);
            writer.WriteEndObject();
        }

        if (spec.Critics is { } critics)
        {
            writer.WriteStartObject("critics");
            writer.WriteNumber("quorum", critics.Quorum);
            writer.WriteNumber("threshold", critics.Threshold);
            writer.WriteNumber("confidence", critics.Confidence);
            writer.WriteEndObject();
        }

        if (spec.Votes is { } votes)
        {
            writer.WriteStartObject("votes");
            writer.WriteStartObject("answer");
            writer.WriteString("pattern", votes.Answer.Pattern);
            writer.WriteNumber("maxCharacters", votes.Answer.MaxCharacters);
            writer.WriteEndObject();
            writer.WriteNumber("reliability", votes.Reliability);
            if (votes.Lead is { } lead)
            {
                writer.WriteNumber("lead", lead);
            }

            writer.WriteNumber("accuracy", votes.Accuracy);
            writer.WriteNumber("most", votes.Most);
            writer.WriteEndObject();
        }
    }

    public static void Members(Utf8JsonWriter writer, CognitionSpec spec)
    {
        if (!spec.Context.IsEmpty)
        {
            writer.WriteStartArray("context");
            foreach (var text in spec.Context)
            {
                writer.WriteStartObject();
                writer.WriteString("name", text.Name);
                writer.WriteString("text", text.Text);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        if (!spec.Tasks.IsEmpty)
        {
            Texts(writer, "tasks", spec.Tasks);
        }

        if (!spec.Tools.IsEmpty)
        {
            Texts(writer, "tools", spec.Tools);
        }

        writer.WriteString("stakes", spec.Stakes.ToString().ToLowerInvariant());
        Policy(writer, spec.Policy);
        writer.WriteNumber("width", spec.Width);
        writer.WriteNumber("answerTokens", spec.AnswerTokens);
        if (spec.Steps is { } steps)
        {
            writer.WriteStartObject("steps");
            writer.WriteString("state", steps.State);
            writer.WriteString("instruction", steps.Instruction);
            writer.WriteNumber("count", steps.Count);
            if (steps.Until is { } until)
            {
                writer.WriteString("until", until);
            }

            writer.WriteEndObject();
        }

        if (spec.Build is { } build)
        {
            writer.WriteStartObject("build");
            writer.WriteString("repository", build.Repository);
            writer.WriteEndObject();
        }
    }

    private static void Policy(Utf8JsonWriter writer, PolicySpec policy)
    {
        writer.WriteStartObject("policy");
        writer.WriteStartArray("temperature");
        writer.WriteNumberValue(policy.LowTemperature);
        writer.WriteNumberValue(policy.HighTemperature);
        writer.WriteEndArray();
        writer.WriteNumber("contextCharacters", policy.ContextCharacters);
        writer.WriteBoolean("seesObjective", policy.SeesObjective);
        writer.WriteBoolean("lessons", policy.UsesLessons);
        writer.WriteEndObject();
    }

    private static void Texts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
