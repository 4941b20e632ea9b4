using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Hive.Goals;

namespace Hive.Grains.Tests.Goals;

public sealed class GoalEventTests
{
    private static Gen<double> Numbers { get; } = Gen.OneOf(
        Gen.Choose(int.MinValue, int.MaxValue).Select(n => n / 7919.0),
        Gen.Elements(0, double.MaxValue, double.Epsilon, double.PositiveInfinity, double.NegativeInfinity, double.NaN));

    private static Gen<string> Texts { get; } = Gen.Elements("0.1", "worker@local/g-7", "quo\"te", "größe\n", "\u0001", "");

    private static Gen<CandidateRecord> Candidates { get; } =
        from value in Gen.Elements("{\"x\":0.1}", "{\"a b\":[1,2,{\"c\":null}]}") from metric in Numbers from violation in Numbers select new CandidateRecord(value, metric, violation);

    private static Gen<GoalEvent> Events { get; } = Gen.OneOf(
        Texts.Select(text => (GoalEvent)new AttemptStarted(text, text, "tpe")),
        from text in Texts
        from n in Gen.Choose(0, int.MaxValue)
        from candidates in Candidates.ListOf(2)
        from failure in Gen.OneOf(Gen.Constant((string?)null), Texts.Select(t => (string?)t))
        select (GoalEvent)new AttemptFinished(text, text, n, n / 2, [.. candidates], failure) { Incarnation = n % 2 == 0 ? null : text },
        Texts.Select(text => (GoalEvent)new AnswerIgnored(text, text, text)),
        Texts.Select(text => (GoalEvent)new GoalWaits(text.Length == 0 ? null : text)),
        from state in Gen.Elements(Enum.GetValues<GoalState>()) from text in Texts select (GoalEvent)new StateChanged(state, text.Length == 0 ? null : text),
        from n in Gen.Choose(0, 1000) from candidate in Candidates select (GoalEvent)new RoundJoined(n, n / 8.0, n % 2 == 0 ? null : candidate),
        from candidate in Candidates from metric in Numbers select (GoalEvent)new CandidateVerified(candidate, metric, 0, true, null),
        from candidate in Candidates from text in Texts select (GoalEvent)new OutcomeJoined(candidate, [text]),
        Gen.Choose(0, 100_000).Select(n => (GoalEvent)new RoundForked(n, n, "0123456789abcdef")),
        Gen.Constant((GoalEvent)new GoalAccepted("{\"objective\":\"x\"}")));

    [Fact]
    public void What_is_written_reads_back_the_same() =>
        Prop.ForAll(Events.ToArbitrary(), happened =>
        {
            var text = Write(happened);
            var back = GoalEventJson.Read(GoalEventJson.KindOf(happened), text)!;
            return Write(back) == text && Same(back, happened);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_event_of_a_later_version_is_passed_over() => Assert.Null(GoalEventJson.Read("not-yet-known", "{}"));

    [Fact]
    public void An_event_that_is_none_is_told() => Assert.Throws<FormatException>(() => GoalEventJson.Read("forked", "{\"round\":"));

    private static bool Same(GoalEvent a, GoalEvent b) => (a, b) switch
    {
        (AttemptFinished x, AttemptFinished y) => x with { Candidates = y.Candidates } == y && x.Candidates.SequenceEqual(y.Candidates),
        (OutcomeJoined x, OutcomeJoined y) => x.Candidate == y.Candidate && x.Missing.SequenceEqual(y.Missing),
        _ => a == b,
    };

    private static string Write(GoalEvent happened)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        GoalEventJson.Write(writer, happened);
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
