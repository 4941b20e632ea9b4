using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using Hive.Goals;
using Hive.Silo.Artifacts;
using Hive.Silo.Display;

namespace Hive.Silo.Tests.Artifacts;

/// <summary>What is drawn of a goal for brains.</summary>
public sealed class CallRecordTests
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("plan", CallRole.Architect)]
    [InlineData("plan.repair1", CallRole.Architect)]
    [InlineData("r0.t1.a2", CallRole.Attempt)]
    [InlineData("r0.c1.a0~1", CallRole.Attempt)]
    [InlineData("r0.join.a0.u3^", CallRole.Attempt)]
    [InlineData("r0.t1.pc0ffee.c11", CallRole.Critic)]
    [InlineData("r1.join.check.c0", CallRole.Critic)]
    [InlineData("r0.join", CallRole.Integrator)]
    [InlineData("r0.join.repair1", CallRole.Integrator)]
    internal void The_id_of_a_call_says_what_it_was_for(string id, CallRole role) => Assert.Equal(role, Call(id, 0, 1).Role);

    [Fact]
    public void Votes_of_any_chain_are_kept_in_bounded_parts_that_lose_none() =>
        Prop.ForAll(Gen.Choose(1, 5_000).ToArbitrary(), Gen.Choose(1, 9).ToArbitrary(), (steps, most) =>
        {
            var votes = new StepVotes();
            for (var i = 0; i < steps; i++)
            {
                votes.Take(new StepDecided(i, "a", null, 1 + (i % most), 1, 0, 0, 0, 0, 1));
            }

            var parts = votes.Parts;
            var length = parts.Count > 1 ? parts[1].First : steps;
            var sum = parts.Select(part => part.Mean * Math.Min(length, steps - part.First)).Sum();
            Assert.InRange(parts.Count, 1, 512);
            Assert.Equal(Enumerable.Range(0, steps).Sum(i => 1 + (i % most)), sum, 6);
            Assert.Equal(Math.Min(steps, most), parts.Max(part => part.Most));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Time_with_calls_never_runs_backwards_and_a_night_takes_little_room() =>
        Prop.ForAll(Gen.Choose(0, 100).Two().NonEmptyListOf().ToArbitrary(), spans =>
        {
            var calls = spans.Select((span, i) => Call($"r0.t1.a{i}", span.Item1, span.Item1 + 1 + span.Item2)).ToList();
            calls.Add(Call("r1.t1.a0", 50_000, 50_001));
            var time = new ActiveTime(calls);
            var places = calls.SelectMany(call => new[] { call.Begun, call.Ended }).Order().Select(time.At).ToArray();
            Assert.Equal(places.Order(), places);
            Assert.InRange(places[^1], 0, time.Seconds + 1e-6);
            Assert.InRange(time.Seconds, 1, 2_000);
            Assert.NotEmpty(time.Pauses);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Whatever_brains_and_people_say_the_picture_is_sound_markup()
    {
        var status = new GoalStatus { Objective = "a <b> & \"c\" \u001b[31m \0", State = GoalState.Done, Cognition = new CognitionStatus() };
        var calls = new[] { Call("r0.<x>.a0", 0, 1) with { Failure = "<script>\u0007" }, Call("r0.t1.a1", 0, 0), Call("r0.join", 1, 2) with { Failure = CallSettled.NotWanted } };
        var picture = XDocument.Parse(CallTimeline.Draw(status, calls, more: 3));
        Assert.DoesNotContain(picture.Descendants(), element => element.Name.LocalName == "script");
    }

    [Fact]
    public void What_brains_say_moves_no_cursor()
    {
        Assert.Equal("a [31mb c", PlainText.Line("a\u001b[31mb\r\n\tc".Replace("\t", "", StringComparison.Ordinal)));
        Assert.Equal("a\n [2Jb", PlainText.Block("a\r\n\u001b[2Jb"));
        Assert.Equal("aaaa…", PlainText.Line(new string('a', 1_000_000), 4));
    }

    private static CallRecord Call(string id, int begun, int ended) => new(id, "worker@a/b", "m", "edge", Begin.AddSeconds(begun), Begin.AddSeconds(ended), 5, null);
}
