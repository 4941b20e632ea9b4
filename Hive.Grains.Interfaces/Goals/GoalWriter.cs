using System.Text.Json;

namespace Hive.Goals;

/// <summary>Writes a goal as <see cref="GoalReader"/> reads it.</summary>
internal static class GoalWriter
{
    public static void Write(Utf8JsonWriter writer, GoalSpec spec)
    {
        writer.WriteStartObject();
        writer.WriteString("objective", spec.Objective);
        writer.WriteStartObject("check");
        if (spec.Metric is { } metric)
        {
            writer.WritePropertyName("metric");
            Metric(writer, metric);
            writer.WriteEndObject();
            Space(writer, spec);
        }
        else if (spec.Cognition is { } cognition)
        {
            CognitionWriter.Check(writer, cognition);
            writer.WriteEndObject();
            CognitionWriter.Members(writer, cognition);
        }

        Budget(writer, spec.Budget);
        writer.WriteNumber("agents", spec.Agents);
        writer.WriteNumber("seed", spec.Seed);
        if (!spec.Tiers.IsEmpty)
        {
            writer.WriteStartArray("tiers");
            foreach (var tier in spec.Tiers)
            {
                writer.WriteStringValue(tier);
            }

            writer.WriteEndArray();
        }

        if (spec.Directory is { } directory)
        {
            writer.WriteString("directory", directory);
        }

        writer.WriteEndObject();
    }

    private static void Space(Utf8JsonWriter writer, GoalSpec spec)
    {
        writer.WriteStartObject("space");
        foreach (var name in spec.Space)
        {
            writer.WritePropertyName(name.Name);
            Dimension(writer, name.Dimension);
        }

        writer.WriteEndObject();
    }

    private static void Metric(Utf8JsonWriter writer, MetricCheck metric)
    {
        writer.WriteStartObject();
        writer.WriteString("name", metric.Name);
        writer.WriteString("direction", metric.Direction == MetricDirection.Maximize ? "maximize" : "minimize");
        if (metric.Target is { } target)
        {
            writer.WriteNumber("target", target);
        }

        if (metric.Tolerance is { } tolerance)
        {
            writer.WriteNumber("tolerance", tolerance);
        }

        writer.WriteStartObject("evaluator");
        switch (metric.Evaluator)
        {
            case BuiltinEvaluatorSpec builtin:
                writer.WriteString("builtin", builtin.Name);
                foreach (var (name, value) in builtin.Parameters)
                {
                    writer.WritePropertyName(name);
                    writer.WriteRawValue(value);
                }

                break;
            case CommandEvaluatorSpec command:
                writer.WriteStartArray("command");
                foreach (var argument in command.Command)
                {
                    writer.WriteStringValue(argument);
                }

                writer.WriteEndArray();
                writer.WriteString("protocol", command.Protocol == EvaluatorProtocol.Lines ? "lines" : "once");
                writer.WriteNumber("timeoutSeconds", command.TimeoutSeconds);
                break;
            case WasmEvaluatorSpec wasm:
                writer.WriteString("wasm", wasm.File);
                if (wasm.Fuel is { } fuel)
                {
                    writer.WriteNumber("fuel", fuel);
                }

                break;
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Budget(Utf8JsonWriter writer, GoalBudget budget)
    {
        writer.WriteStartObject("budget");
        if (budget.Evaluations is { } evaluations)
        {
            writer.WriteNumber("evaluations", evaluations);
        }

        if (budget.Seconds is { } seconds)
        {
            writer.WriteNumber("seconds", seconds);
        }

        if (budget.Rounds is { } rounds)
        {
            writer.WriteNumber("rounds", rounds);
        }

        if (budget.Tokens is { } tokens)
        {
            writer.WriteNumber("tokens", tokens);
        }

        if (budget.Money is { } money)
        {
            writer.WriteNumber("money", money);
        }

        Calls(writer, budget.Calls);
        writer.WriteEndObject();
    }

    private static void Calls(Utf8JsonWriter writer, TierCalls calls)
    {
        if (calls == default)
        {
            return;
        }

        writer.WriteStartObject("calls");
        foreach (var tier in Silos.Tiers.All)
        {
            if (calls.Of(tier) is { } most)
            {
                writer.WriteNumber(tier, most);
            }
        }

        writer.WriteEndObject();
    }

    private static void Dimension(Utf8JsonWriter writer, Dimension dimension)
    {
        writer.WriteStartObject();
        switch (dimension)
        {
            case RealDimension real:
                Bounds(writer, "real", real.Low, real.High);
                break;
            case LogRealDimension real:
                Bounds(writer, "logReal", real.Low, real.High);
                break;
            case IntegerDimension integer:
                writer.WriteStartArray("integer");
                writer.WriteNumberValue(integer.Low);
                writer.WriteNumberValue(integer.High);
                writer.WriteEndArray();
                break;
            case ChoiceDimension choice:
                writer.WriteStartArray("choice");
                foreach (var value in choice.Values)
                {
                    writer.WriteRawValue(value);
                }

                writer.WriteEndArray();
                break;
            case PermutationDimension permutation:
                writer.WriteNumber("permutation", permutation.Length);
                break;
            case VectorDimension vector:
                writer.WriteStartObject("vector");
                writer.WriteNumber("length", vector.Length);
                writer.WritePropertyName("of");
                Dimension(writer, vector.Of);
                writer.WriteEndObject();
                break;
            case TupleDimension tuple:
                writer.WriteStartArray("tuple");
                foreach (var item in tuple.Items)
                {
                    Dimension(writer, item);
                }

                writer.WriteEndArray();
                break;
        }

        writer.WriteEndObject();
    }

    private static void Bounds(Utf8JsonWriter writer, string shape, double low, double high)
    {
        writer.WriteStartArray(shape);
        writer.WriteNumberValue(low);
        writer.WriteNumberValue(high);
        writer.WriteEndArray();
    }
}
