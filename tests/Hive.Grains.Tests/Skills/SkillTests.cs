using System.Collections.Immutable;
using Hive.Grains.Tests.Goals;
using Hive.Skills;
using Hive.Tools;
using Hive.Wasm.Text;

namespace Hive.Grains.Tests.Skills;

public sealed class SkillTests
{
    private const string Runner = $"worker@{GoalCluster.HubName}/skills";
    private static readonly string Sum = File.ReadAllText(Repository.PathOf("examples/skills/sum.wat"));

    [Fact]
    public async Task A_skill_that_passes_its_tests_is_kept_and_runs()
    {
        await using var cluster = await GoalCluster.StartAsync();
        var skill = Package(Sum, ("2 3", "5"), ("-2", "-2"));
        var verdict = await Skill(cluster, skill).AddAsync(skill, Runner);
        Assert.Equal((2, true), (verdict.Passed, verdict.Failures.IsEmpty));
        Assert.Equal(skill.Manifest.Address, Assert.Single(await Index(cluster).ListAsync()).Address);
        var result = await cluster.Grains.GetGrain<ISkillRunnerGrain>(Runner).RunAsync(skill.Manifest.Address, new SkillCall([], "40 1 1"), CancellationToken.None);
        Assert.Equal((0, "42\n", null), (result.ExitCode, result.Output, result.Failure));
    }

    [Fact]
    public async Task Skills_are_tools_that_only_read()
    {
        await using var cluster = await GoalCluster.StartAsync();
        var skill = Package(Sum, ("2 3", "5"));
        skill = skill with { Manifest = skill.Manifest with { Name = "sum" } };
        await Skill(cluster, skill).AddAsync(skill, Runner);
        var tools = new SkillTools(cluster.Grains, Runner);

        var tool = Assert.Single(await tools.ListAsync(CancellationToken.None));
        Assert.Equal(("skill.sum", false), (tool.Name, tool.HasSideEffects));
        Assert.Equal(new ToolResult("42\n", IsError: false), await tools.CallAsync("skill.sum", """{"input": "40 2"}""", CancellationToken.None));
        Assert.True((await tools.CallAsync("skill.sum", """{"inputs": "40 2"}""", CancellationToken.None)).IsError);
        Assert.True((await tools.CallAsync("skill.product", "{}", CancellationToken.None)).IsError);
    }

    [Fact]
    public async Task A_skill_that_fails_a_test_is_told_and_not_kept()
    {
        await using var cluster = await GoalCluster.StartAsync();
        var skill = Package(Sum, ("2 3", "5"), ("2 2", "5"));
        var verdict = await Skill(cluster, skill).AddAsync(skill, Runner);
        Assert.Equal(1, verdict.Passed);
        Assert.Contains("'4' and not '5'", Assert.Single(verdict.Failures), StringComparison.Ordinal);
        Assert.Empty(await Index(cluster).ListAsync());
        await Assert.ThrowsAsync<KeyNotFoundException>(() => Skill(cluster, skill).GetAsync());
    }

    [Theory]
    [InlineData("(module (func (export \"_start\") (loop $l (br $l))))", "fuel")]
    [InlineData("(module (func $f (export \"_start\") (call $f)))", "stack")]
    [InlineData("(module (memory 1) (func (export \"_start\") (loop $l (br_if $l (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) unreachable))", "unreachable")]
    [InlineData("(module (import \"env\" \"open\" (func)) (func (export \"_start\")))", "env.open")]
    [InlineData("(module)", "_start")]
    public async Task A_hostile_skill_is_stopped_and_told(string text, string told)
    {
        await using var cluster = await GoalCluster.StartAsync();
        var skill = Package(text, ("", ""));
        var verdict = await Skill(cluster, skill).AddAsync(skill, Runner);
        Assert.Contains(told, Assert.Single(verdict.Failures), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Bytes_under_another_address_are_refused()
    {
        await using var cluster = await GoalCluster.StartAsync();
        var skill = Package(Sum, ("", "0"));
        var other = cluster.Grains.GetGrain<ISkillGrain>(new string('0', 64));
        await Assert.ThrowsAsync<ArgumentException>(() => other.AddAsync(skill, Runner));
        await Assert.ThrowsAsync<ArgumentException>(() => Skill(cluster, skill).AddAsync(skill with { Manifest = skill.Manifest with { Tests = [] } }, Runner));
    }

    [Fact]
    public async Task A_skill_removed_is_gone_and_may_come_back()
    {
        await using var cluster = await GoalCluster.StartAsync();
        var skill = Package(Sum, ("1", "1"));
        await Skill(cluster, skill).AddAsync(skill, Runner);
        await Skill(cluster, skill).RemoveAsync();
        Assert.Empty(await Index(cluster).ListAsync());
        Assert.Equal(1, (await Skill(cluster, skill).AddAsync(skill, Runner)).Passed);
        Assert.Single(await Index(cluster).ListAsync());
    }

    [Fact]
    public void Of_too_many_skills_the_one_not_used_the_longest_makes_way()
    {
        using var sandbox = new SkillSandbox();
        var skills = Enumerable.Range(0, SkillSandbox.MaxCompiled + 1)
            .Select(n => Package($"(module (func (export \"_start\")) (func (result i32) (i32.const {n})))", ("", ""))).ToArray();
        foreach (var skill in skills[..^1])
        {
            sandbox.Load(skill);
        }

        sandbox.Run(skills[0].Manifest.Address, new SkillCall([], ""), CancellationToken.None);
        sandbox.Load(skills[^1]);
        Assert.True(sandbox.Has(skills[0].Manifest.Address));
        Assert.False(sandbox.Has(skills[1].Manifest.Address));
        Assert.True(sandbox.Has(skills[^1].Manifest.Address));
    }

    [Fact]
    public void The_same_call_costs_the_same_fuel()
    {
        using var sandbox = new SkillSandbox();
        var skill = Package(Sum, ("1", "1"));
        sandbox.Load(skill);
        var fuel = Enumerable.Range(0, 5).Select(_ => sandbox.Run(skill.Manifest.Address, new SkillCall([], "1 2 3"), CancellationToken.None).Fuel).Distinct();
        Assert.True(Assert.Single(fuel) > 0);
    }

    private static SkillPackage Package(string wat, params (string Input, string Output)[] tests)
    {
        var module = WatCompiler.ToBinary(wat);
        var checks = tests.Select((test, i) => new SkillTest($"{i + 1}", new SkillCall([], test.Input), test.Output, 0)).ToImmutableArray();
        return new SkillPackage(new SkillManifest(SkillRules.AddressOf(module), "skill", module.Length, new SkillLimits(50_000_000, 2), checks), [.. module]);
    }

    private static ISkillGrain Skill(GoalCluster cluster, SkillPackage skill) => cluster.Grains.GetGrain<ISkillGrain>(skill.Manifest.Address);

    private static ISkillIndexGrain Index(GoalCluster cluster) => cluster.Grains.GetGrain<ISkillIndexGrain>(ISkillIndexGrain.Key);
}
