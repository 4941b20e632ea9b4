using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Hive.Evaluators;
using Hive.Evaluators.Commands;

namespace Hive.Grains.Tests.Evaluators;

/// <summary>Whatever a program prints, the parser answers; what a program prints well is read exactly.</summary>
public class AnswerParserProperties
{
    private static readonly AnswerParser Parser = new("score");

    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(5000);

    // Pieces of answers, so that random sequences of them come close to the grammar.
    private static readonly string[] Pieces =
        ["{", "}", "[", "]", "\"", "\"metric\"", "\"score\"", "\"violation\"", "\"error\"", "\"id\"", ":", ",", "1", "-2.5e3", "1e999", "NaN", "-Infinity", "null",
         "true", "score: 4", "violation: 2", "\n", "\r\n", " ", "\\", "\\ud800", "\u0000", "\u00e9", "score", "7"];

    [Fact]
    public void Any_bytes_are_an_answer_or_a_reason() =>
        Check.One(Many, Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), IsSound));

    [Fact]
    public void Any_sequence_of_pieces_of_answers_is_an_answer_or_a_reason() =>
        Check.One(Many, Prop.ForAll(
            Gen.Elements(Pieces).ListOf().Select(pieces => Encoding.UTF8.GetBytes(string.Concat(pieces))).ToArbitrary(),
            IsSound));

    [Fact]
    public void An_answer_with_some_bytes_changed_is_an_answer_or_a_reason() =>
        Check.One(Many, Prop.ForAll(
            ArbMap.Default.GeneratorFor<(byte, byte, byte, byte)>().Select(change =>
            {
                var bytes = """{"id": 7, "metric": 1.5, "violation": 0, "error": "\u00e9\n"}"""u8.ToArray();
                bytes[change.Item1 % bytes.Length] = change.Item2;
                bytes[change.Item3 % bytes.Length] = change.Item4;
                return bytes;
            }).ToArbitrary(),
            IsSound));

    [Fact]
    public void A_number_printed_as_a_line_or_as_JSON_is_read_to_the_last_bit() =>
        Check.One(Many, Prop.ForAll(
            ArbMap.Default.ArbFor<NormalFloat>(),
            ArbMap.Default.ArbFor<NormalFloat>(),
            (metric, violation) =>
            {
                var expected = new Measurement(metric.Get, Math.Abs(violation.Get), null);
                var number = expected.Metric.ToString("R", CultureInfo.InvariantCulture);
                var slack = expected.Violation.ToString("R", CultureInfo.InvariantCulture);
                return Parser.ReadOutput(Encoding.UTF8.GetBytes($"log\nviolation: {slack}\nscore: {number}\n")) == expected
                    && Parser.ReadOutput(JsonSerializer.SerializeToUtf8Bytes(new { metric = expected.Metric, violation = expected.Violation })) == expected
                    && Parser.TryReadLine(Encoding.UTF8.GetBytes($$"""{"score": {{number}}, "violation": {{slack}}, "id": 12}"""), out var id, out var read)
                    && id == 12 && read == expected;
            }));

    [Fact]
    public void An_error_is_one_bounded_line() =>
        Check.One(Many, Prop.ForAll(
            ArbMap.Default.ArbFor<string>().Filter(text => text is not null),
            text =>
            {
                var line = JsonSerializer.SerializeToUtf8Bytes(new { id = 1, error = string.Concat(Enumerable.Repeat(text + "\n", 50)) });
                return Parser.TryReadLine(line, out _, out var read) && read.Failure is { Length: < 500 } reason && !reason.Any(char.IsControl);
            }));

    [Theory]
    [InlineData("""{"id": 1, "metric": NaN}""", "'score' is not a finite number")]
    [InlineData("""{"id": 1, "metric": 1, "violation": Infinity}""", "'violation' is not a finite number")]
    [InlineData("""{"id": 1, "metric": null}""", "'score' is not a finite number")]
    [InlineData("""{"id": 1, "error": "NaN", "metric": NaN}""", "the evaluator said: NaN")]
    [InlineData("""{"id": 1, "error": {"code": 5}}""", "the evaluator said: an \"error\" that is no text")]
    [InlineData("""{"id": 1, "error": null, "metric": 4}""", null)]
    public void A_float_that_is_no_number_fails_its_own_candidate(string line, string? reason)
    {
        Assert.True(Parser.TryReadLine(Encoding.UTF8.GetBytes(line), out var id, out var measurement));
        Assert.Equal((1, reason), (id, measurement.Failure));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"metric": 1}""")]
    [InlineData("""{"id": "1", "metric": 1}""")]
    [InlineData("""{"id": 1.5, "metric": 1}""")]
    [InlineData("""{"id": 1e30, "metric": 1}""")]
    [InlineData("""{"id": 1, "metric": 1} {"id": 2, "metric": 1}""")]
    [InlineData("""{"id": 1, "metric": 1""")]
    public void What_names_no_candidate_is_no_answer(string line) => Assert.False(Parser.TryReadLine(Encoding.UTF8.GetBytes(line), out _, out _));

    [Fact]
    public void A_metric_may_be_called_error_or_violation()
    {
        Assert.Equal(0.5, new AnswerParser("error").ReadOutput("""{"error": 0.5}"""u8).Metric);
        Assert.Equal(0.5, new AnswerParser("error").ReadOutput("error: 0.5"u8).Metric);
        Assert.Equal(0.5, new AnswerParser("violation").ReadOutput("""{"violation": 0.5}"""u8).Metric);
    }

    private static bool IsSound(byte[] output) =>
        IsSound(Parser.ReadOutput(output)) && (!Parser.TryReadLine(output, out _, out var measurement) || IsSound(measurement));

    private static bool IsSound(Measurement measurement) =>
        measurement.Failure is null
            ? double.IsFinite(measurement.Metric) && double.IsFinite(measurement.Violation) && measurement.Violation >= 0
            : measurement.Failure.Length is > 0 and < 1000 && !measurement.Failure.Any(char.IsControl);
}
