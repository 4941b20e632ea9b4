using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Hive.Processes;

namespace Hive.Evaluators.Commands;

/// <summary>
/// Reads what a command says of a candidate. Whatever the bytes, the result is a finite measurement or a failed one that says why.
/// <code>
/// once    output  = *line / object
///         line    = name *SP ":" *SP number        ; the last one of a name counts, other lines are ignored
/// both    object  = {"metric": number, "violation": number} / {"error": string}
///                                                  ; the metric's own name may stand for "metric"; "violation" is 0 where absent
/// lines   answer  = object with "id": integer
/// </code>
/// </summary>
internal sealed class AnswerParser(string metric)
{
    private readonly byte[] _metric = Encoding.UTF8.GetBytes(metric);

    /// <summary>Reads the whole output of a process that was started for one candidate.</summary>
    /// <param name="output">The output.</param>
    public Measurement ReadOutput(ReadOnlySpan<byte> output)
    {
        var text = Trim(output);
        if (text.Length == 0)
        {
            return Measurement.Failed($"the evaluator printed nothing; '{metric}: NUMBER' was expected");
        }

        if (text[0] == (byte)'{' && TryReadObject(text, out var answer))
        {
            return answer.ToMeasurement(metric);
        }

        return ReadLines(text);
    }

    /// <summary>Reads a line of a process that answers many candidates.</summary>
    /// <param name="line">The line.</param>
    /// <param name="id">Which candidate it answers.</param>
    /// <param name="measurement">What it says.</param>
    /// <returns>Whether the line is an answer at all.</returns>
    public bool TryReadLine(ReadOnlySpan<byte> line, out long id, out Measurement measurement)
    {
        var isAnswer = TryReadObject(line, out var answer) && answer.Id is not null;
        id = answer.Id ?? 0;
        measurement = isAnswer ? answer.ToMeasurement(metric) : default;
        return isAnswer;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\r\n\f\v\0"u8);

    private static double? NumberIn(ReadOnlySpan<byte> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;

    private static bool IsNamed(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!line.StartsWith(name))
        {
            return false;
        }

        var rest = Trim(line[name.Length..]);
        if (rest.Length == 0 || rest[0] != (byte)':')
        {
            return false;
        }

        value = Trim(rest[1..]);
        return true;
    }

    private Measurement ReadLines(ReadOnlySpan<byte> text)
    {
        var answer = default(Answer);
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = Trim(text[range]);
            if (IsNamed(line, _metric, out var value))
            {
                answer.Metric = NumberIn(value);
            }
            else if (IsNamed(line, "violation"u8, out value))
            {
                answer.Violation = NumberIn(value);
            }
        }

        if (answer.Metric is null)
        {
            var newline = text.IndexOf((byte)'\n');
            var first = OneLine.Of(newline < 0 ? text : text[..newline]);
            return Measurement.Failed($"the evaluator printed neither a line '{metric}: NUMBER' nor one JSON object; it began with '{first}'");
        }

        return answer.ToMeasurement(metric);
    }

    private bool TryReadObject(ReadOnlySpan<byte> json, out Answer answer) =>
        TryReadStrictly(json, out answer)
        || (LooseNumbers.TryReplace(json, out var repaired) && TryReadStrictly(repaired, out answer));

    private bool TryReadStrictly(ReadOnlySpan<byte> json, out Answer answer)
    {
        answer = default;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadMember(ref reader, ref answer);
            }

            // Whatever follows the object makes it no JSON text: the reader throws.
            return !reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException is what the reader throws at strings that are no Unicode text.
            return false;
        }
    }

    private void ReadMember(ref Utf8JsonReader reader, ref Answer answer)
    {
        var isId = reader.ValueTextEquals("id"u8);
        var isMetric = reader.ValueTextEquals("metric"u8);
        var isViolation = reader.ValueTextEquals("violation"u8);
        var isError = reader.ValueTextEquals("error"u8);
        var isName = reader.ValueTextEquals(_metric);
        reader.Read();
        if (isId)
        {
            answer.Id = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var id) ? id : null;
        }
        else if (isMetric)
        {
            answer.Metric = NumberAt(ref reader);
        }
        else if (isName && reader.TokenType == JsonTokenType.Number)
        {
            answer.Named = NumberAt(ref reader);
        }
        else if (isViolation)
        {
            answer.Violation = NumberAt(ref reader);
        }
        else if (isError && reader.TokenType != JsonTokenType.Null)
        {
            answer.Error = reader.TokenType == JsonTokenType.String ? OneLine.Of(reader.GetString()) : "an \"error\" that is no text";
        }

        reader.Skip();
    }

    private static double NumberAt(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) ? number : double.NaN;

    /// <summary>What an answer says: a number that is none is kept as NaN, one that is not there as null.</summary>
    private struct Answer
    {
        public long? Id;
        public double? Metric;
        public double? Named;
        public double? Violation;
        public string? Error;

        public readonly Measurement ToMeasurement(string name)
        {
            var value = Metric ?? Named;
            var violation = Violation ?? 0;
            return Error is not null ? Measurement.Failed($"the evaluator said: {Error}")
                : value is null ? Measurement.Failed($"the answer lacks the metric ('metric' or '{name}')")
                : !double.IsFinite(value.Value) ? Measurement.Failed($"'{name}' is not a finite number")
                : !double.IsFinite(violation) ? Measurement.Failed("'violation' is not a finite number")
                : violation < 0 ? Measurement.Failed("'violation' is below 0")
                : new Measurement(value.Value, violation, null);
        }
    }
}
