using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Hive.Cognition.Plans;

namespace Hive.Cognition.Tests.Plans;

public sealed class PlanReaderTests
{
    private static readonly PlanLimits Limits = new(MaxTasks: 4);

    [Fact]
    public void A_plan_is_read_with_all_that_it_says()
    {
        var plan = Read(
            """
            {"tasks":[{"id":"parser","instruction":"Write it","context":"C","tier":"worker","width":5,"check":"votes"},{"instruction":"Test a parser","tier":null}]}
            """);
        Assert.Equal(
            [new PlannedTask("parser", "Write it", "C", "worker", 5, TaskCheck.Votes), new PlannedTask("t2", "Test a parser", "", null, 3, TaskCheck.Critics)],
            plan.Tasks);
    }

    [Fact]
    public void Ids_are_made_where_absent_and_never_twice() =>
        Assert.Equal(["t2", "t3", "t4"], Read("""{"tasks":[{"id":"t2","instruction":"a"},{"instruction":"b"},{"id":"","instruction":"c"}]}""").Tasks.Select(task => task.Id));

    [Theory]
    [InlineData("""{"id":"a","instruction":"x","width":40}""", "tasks[0].width is 40; it may be 1 to 16, a whole number")]
    [InlineData("""{"id":"a","instruction":"x","width":2.5}""", "tasks[0].width is 2.5; it may be 1 to 16, a whole number")]
    [InlineData("""{"id":"a","instruction":"x","width":"3"}""", "tasks[0].width is '3'; it may be 1 to 16, a whole number")]
    [InlineData("""{"id":"a","instruction":"x","tier":"huge"}""", "tasks[0].tier is 'huge'; it may be edge, worker, core")]
    [InlineData("""{"id":"a","instruction":"x","check":true}""", "tasks[0].check is true; it may be critics, votes or none")]
    [InlineData("""{"id":"a b","instruction":"x"}""", "tasks[0].id is 'a b'; it may have letters, digits, '-' and '_'")]
    [InlineData("""{"id":7,"instruction":"x"}""", "tasks[0].id is a number; it must be a text")]
    [InlineData("""{"id":"a"}""", "tasks[0].instruction is missing; give it a text of 1 to 8,000 characters")]
    [InlineData("""{"id":"a","instruction":" "}""", "tasks[0].instruction is empty; give it a text of 1 to 8,000 characters")]
    [InlineData("""{"id":"a","instruction":["x"]}""", "tasks[0].instruction is an array; it must be a text")]
    [InlineData("""{"id":"a","instruction":"x"},{"id":"A","instruction":"y"}""", "tasks[1].id is 'A', as tasks[0].id is; every id must differ, in more than case")]
    [InlineData("""{"id":"a","instruction":"Do  this"},{"id":"b","instruction":"do this"}""", "tasks[1] says the same as tasks[0]; width is how one task gets several attempts")]
    [InlineData("7", "tasks[0] is a number; it must be an object")]
    [InlineData("", "tasks is empty; a plan has at least one task")]
    [InlineData("1,2,3,4,5", "tasks has 5 elements; it may have 4")]
    public void A_mistake_is_told_in_words_to_act_on(string tasks, string expected) => Assert.Equal([expected], Mistakes($"{{\"tasks\":[{tasks}]}}"));

    [Theory]
    [InlineData("{}", "the reply holds no JSON object; answer with one JSON object and nothing else")]
    [InlineData("""{"plan":[]}""", "tasks is missing; it must be an array")]
    [InlineData("""{"tasks":{"id":"a"}}""", "tasks is an object; it must be an array")]
    public void A_reply_without_tasks_is_refused(string reply, string expected) => Assert.Equal([expected], Mistakes(reply));

    [Fact]
    public void Texts_are_bounded()
    {
        var mistakes = Mistakes(JsonSerializer.Serialize(new { tasks = new[] { new { instruction = new string('x', 8_001), context = new string('y', 32_001) } } }));
        Assert.Equal(["tasks[0].instruction has 8,001 characters; it may have 8,000", "tasks[0].context has 32,001 characters; it may have 32,000"], mistakes);
    }

    [Theory]
    [InlineData("Begin after t1 is done", "'t1'")]
    [InlineData("Use T1", "'T1'")]
    [InlineData("Start once task parser is done", "'parser'")]
    [InlineData("Use the result of 'parser'", "'parser'")]
    [InlineData("Depends on task parser.", "'parser'")]
    [InlineData("Join the results of the other tasks", "'results of the other tasks'")]
    public void A_task_that_builds_on_another_is_refused(string text, string named)
    {
        foreach (var member in new[] { "instruction", "context" })
        {
            var last = member == "instruction" ? new { instruction = text, context = "" } : new { instruction = "Do it", context = text };
            var reply = $$"""{"tasks":[{"id":"t1","instruction":"One"},{"id":"parser","instruction":"Two"},{{JsonSerializer.Serialize(last)}}]}""";
            var mistake = Assert.Single(Mistakes(reply));
            Assert.StartsWith($"tasks[2].{member} builds on another task ({named}); tasks run apart", mistake, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("dependsOn", "[\"a\"]")]
    [InlineData("depends_on", "\"a\"")]
    [InlineData("after", "1")]
    public void A_member_that_names_what_a_task_waits_for_is_refused(string member, string value)
    {
        var mistake = Assert.Single(Mistakes($$"""{"tasks":[{"id":"a","instruction":"x"},{"id":"b","instruction":"y","{{member}}":{{value}}}]}"""));
        Assert.StartsWith($"tasks[1].{member} names other tasks; tasks run apart", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_may_wait_for_nothing_and_may_speak_of_what_others_are_called()
    {
        Read("""{"tasks":[{"id":"parser","instruction":"Write a parser","dependsOn":[]},{"id":"t9","instruction":"Test a parser; this is t9","dependsOn":null}]}""");
        Read("""{"tasks":[{"id":"login","instruction":"Write the login"},{"id":"list","instruction":"After login, show the task list; once login fails, the previous task"}]}""");
        Read("""{"tasks":[{"id":"http2","instruction":"Write frames"},{"id":"tests","instruction":"Test http2 frames"}]}""");
        Read("""{"tasks":[{"instruction":"Measure T2 relaxation"},{"instruction":"Measure T1 relaxation"}]}""");
    }

    [Fact]
    public void Many_mistakes_are_told_in_few_lines()
    {
        var tasks = string.Join(',', Enumerable.Repeat("{\"width\":0,\"tier\":0}", 60));
        var mistakes = Mistakes($"{{\"tasks\":[{tasks}]}}", new PlanLimits());
        Assert.Equal(21, mistakes.Length);
        Assert.Equal("and 160 more mistakes", mistakes[^1]);
    }

    [Fact]
    public void What_is_read_is_within_the_limits_and_anything_else_is_a_mistake() => Replies.AllHold(reply =>
    {
        var plan = PlanReader.Read(reply, Limits, out var mistakes);
        if (plan is null) return mistakes.Length > 0 && mistakes.All(mistake => mistake.Length is > 0 and < 500);
        return mistakes.IsEmpty
            && plan.Tasks.Length is > 0 and <= 4
            && plan.Tasks.All(task => task.Width is >= 1 and <= 16 && task.Instruction.Length > 0)
            && plan.Tasks.DistinctBy(task => task.Id).Count() == plan.Tasks.Length;
    });

    [Fact]
    public void Plans_within_the_limits_are_read_as_they_are() => Prop.ForAll<PositiveInt, PositiveInt>((count, width) =>
    {
        var tasks = Enumerable.Range(0, Math.Min(count.Get, 4))
            .Select(i => new PlannedTask($"part{(char)('a' + i)}", $"Do {i}", $"context {i}", "core", ((width.Get - 1) % 16) + 1, TaskCheck.None))
            .ToArray();
        var written = tasks.Select(task => new { id = task.Id, instruction = task.Instruction, context = task.Context, tier = task.Tier, width = task.Width, check = "none" });
        return Read(JsonSerializer.Serialize(new { tasks = written })).Tasks.SequenceEqual(tasks);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_schema_is_JSON_and_the_limits_are_told_in_words()
    {
        using var schema = JsonDocument.Parse(PlanSchema.Json);
        Assert.Equal("object", schema.RootElement.GetProperty("type").GetString());
        Assert.Contains("width: 1 to 16; where you do not say, 3\n- tier: a, b", new PlanLimits(Tiers: ["a", "b"]).Describe().ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    private static Plan Read(string reply)
    {
        var plan = PlanReader.Read(reply, Limits, out var mistakes);
        Assert.Empty(mistakes);
        return plan!;
    }

    private static string[] Mistakes(string reply, PlanLimits? limits = null)
    {
        Assert.Null(PlanReader.Read(reply, limits ?? Limits, out var mistakes));
        return [.. mistakes];
    }
}
