using Hive.Research;
using Hive.Research.Domains;
using Hive.Testing;

namespace Hive.Grains.Tests.Research.Domains;

public sealed class EvaluatorDomainTests : IDisposable
{
    private readonly string _folder = TemporaryDirectory.Create("hive-domain");

    [Fact]
    public async Task An_experiment_measures_its_candidate_with_its_seed_on_its_part()
    {
        await using var domain = Domain(
            """print("score:", c["x"] + 1000 * (c["seed"] % 7))""",
            """ "seeds": true, "baseline": {"x": 0.25}, "testEvaluator": {"command": ["/usr/bin/env", "python3", "-c", "print('score: 5')"]} """);
        Assert.Equal((Direction.Maximize, "score", "mine"), (domain.Direction, domain.Metric, domain.Name));
        Assert.Equal(3000.25, (await Run(domain, seed: 10)).Value);
        Assert.Equal(5, (await Run(domain, seed: 10, DataPart.Test)).Value);
    }

    [Theory]
    [InlineData("""print("score: NaN")""", "not a finite number")]
    [InlineData("""raise SystemExit(3)""", "3")]
    [InlineData("""print("nothing of use")""", "score: NUMBER")]
    [InlineData("""import os; print("score:", os.getpid())""", "the same candidate gave")]
    [InlineData("""print("score: 1\nviolation: 0.5")""", "infeasible (violation 0.5)")]
    public async Task An_evaluator_that_fails_costs_that_experiment_and_says_why(string script, string reason)
    {
        await using var domain = Domain($"if c['x'] > 0.4:\n    {script}\nelse:\n    print('score: 7')");
        var failed = await Run(domain, seed: 1);
        Assert.Contains(reason, failed.Failure);
        Assert.True(double.IsNaN(failed.Value));
        Assert.Equal(new ExperimentResult(7, 1), await domain.RunAsync(new Configuration([0.1]), 1, DataPart.Validation, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_evaluator_that_hangs_costs_that_experiment_and_no_other()
    {
        File.WriteAllText(Path.Combine(_folder, "score.sh"), "if grep -q '0.5'; then sleep 600; fi\necho score: 7\n");
        await using var domain = Parse("""["sh", "score.sh"]""", timeout: 3);
        Assert.Contains("no answer within 3 s", (await Run(domain, seed: 1)).Failure);
        Assert.Equal(new ExperimentResult(7, 1), await domain.RunAsync(new Configuration([0.25]), 1, DataPart.Validation, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task With_a_penalty_an_infeasible_candidate_counts_for_less()
    {
        await using var domain = Domain("""print("score: 1\nviolation: 0.5")""", """ "penalty": 10 """);
        Assert.Equal(-4, (await Run(domain, seed: 1)).Value);
    }

    [Fact]
    public async Task A_tolerance_forgives_noise()
    {
        await using var domain = Domain("""import random; print("score:", 1 + random.random() / 10)""", tolerance: 0.2);
        Assert.Null((await Run(domain, seed: 1)).Failure);
    }

    [Fact]
    public async Task Another_evaluator_program_or_seed_rule_has_another_fingerprint()
    {
        await using var one = Domain("""print("score: 1")""");
        await using var same = Domain("""print("score: 1")""");
        await using var other = Domain("""print("score: 2")""");
        await using var seeded = Domain("""print("score: 1")""", """ "seeds": true """);
        Assert.Equal(one.Fingerprint, same.Fingerprint);
        Assert.Equal(3, new[] { one.Fingerprint, other.Fingerprint, seeded.Fingerprint }.Distinct().Count());
    }

    [Fact]
    public async Task Many_experiments_side_by_side_each_get_their_own_value()
    {
        await using var domain = Domain("""print("score:", c["x"])""");
        var values = await Task.WhenAll(Enumerable.Range(1, 12).Select(async i =>
            (i, (await domain.RunAsync(new Configuration([i / 16.0]), 1, DataPart.Validation, TestContext.Current.CancellationToken)).Value)));
        Assert.All(values, pair => Assert.Equal(pair.i / 16.0, pair.Value));
    }

    [Fact]
    public async Task A_stopped_experiment_stops_though_its_evaluator_would_not()
    {
        await using var domain = Domain("import time; time.sleep(600)");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = domain.RunAsync(domain.Baseline, 1, DataPart.Validation, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await running);
    }

    [Theory]
    [InlineData("""{"space": {}}""", "check: this is missing")]
    [InlineData("""{"name": "a b"}""", "name: this must be")]
    [InlineData("""{"seeds": 1}""", "seeds: this must be true")]
    [InlineData("""{"penalty": -1}""", "penalty: this must be a number above 0")]
    [InlineData("""[]""", "a domain is a JSON object")]
    [InlineData("{\n  \"name\": oops", "line 2")]
    [InlineData("""{"check": {"metric": {"name": "m", "direction": "maximize", "evaluator": {"builtin": "sphere"}}}, "space": {"x": {"real": [0, 1]}}, "baseline": {"y": 1}}""", "baseline: this is no candidate")]
    [InlineData("""{"check": {"metric": {"name": "m", "direction": "maximize", "evaluator": {"builtin": "sphere"}}}, "space": {"x": {"real": [0, 1]}}, "testEvaluator": {}}""", "testEvaluator: this names no evaluator")]
    [InlineData("""{"check": {"metric": {"name": "m", "direction": "maximize", "evaluator": {"builtin": "sphere"}}}, "space": {"x": {"real": [0, 1]}}, "seeds": true}""", "takes no seed")]
    [InlineData("""{"check": {"metric": {"name": "m", "direction": "maximize", "evaluator": {"builtin": "spere"}}}, "space": {"x": {"real": [0, 1]}}}""", "no built-in evaluator 'spere'")]
    [InlineData("""{"check": {"metric": {"name": "m", "direction": "maximize", "evaluator": {"command": ["./absent"]}}}, "space": {"x": {"real": [0, 1]}}}""", "absent")]
    [InlineData("""{"check": {"metric": {"name": "m", "direction": "up", "evaluator": {"builtin": "sphere"}}}, "space": {"x": {"real": [1, 0]}}}""", "check.metric.direction")]
    public void A_file_that_is_no_domain_is_refused_with_what_and_where(string json, string reason)
    {
        var path = Path.Combine(_folder, "bad.json");
        File.WriteAllText(path, json);
        var mistake = Assert.Throws<DomainException>(() => EvaluatorDomain.Load(path, TimeProvider.System));
        Assert.Contains(reason, mistake.Message);
        Assert.Contains("bad.json", mistake.Message);
    }

    [Fact]
    public void The_catalogue_knows_its_names_and_says_them()
    {
        Assert.Contains("packing", Assert.Throws<DomainException>(() => DomainCatalogue.Make("paking", null, TimeProvider.System, default)).Message);
        Assert.Contains("there is no file", Assert.Throws<DomainException>(() => DomainCatalogue.Make("absent.json", null, TimeProvider.System, default)).Message);
        Assert.Contains("takes no data file", Assert.Throws<DomainException>(() => DomainCatalogue.Make("packing", "x.csv", TimeProvider.System, default)).Message);
    }

    [Fact]
    public void Every_domain_of_the_catalogue_can_be_made_and_starts_inside_its_space()
    {
        foreach (var name in DomainCatalogue.Names)
        {
            var domain = DomainCatalogue.Make(name, null, TimeProvider.System, TestContext.Current.CancellationToken);
            Assert.StartsWith(name, domain.Name);
            Assert.Null(domain.Space.Mistake(domain.Baseline));
            Assert.Matches("^[0-9a-f]{64}$", domain.Fingerprint);
        }
    }

    [Fact]
    public async Task Packing_knows_a_feasible_packing_from_one_that_is_not()
    {
        var domain = DomainCatalogue.Make("packing", null, TimeProvider.System, default);
        var apart = new Configuration([.. Enumerable.Range(0, 7).SelectMany(i => new[] { (i + 0.5) / 7, 0.5, 0.5 / 7 })]);
        Assert.Equal(0.5, (await Run(domain, apart)).Value, 1e-9);
        Assert.True((await Run(domain, domain.Baseline)).Value < 0);
    }

    [Fact]
    public async Task Any_goal_with_a_metric_is_a_domain()
    {
        await using var domain = EvaluatorDomain.Load(Repository.PathOf("examples/mixed.json"), TimeProvider.System);
        Assert.Null((await domain.RunAsync(domain.Baseline, 1, DataPart.Validation, TestContext.Current.CancellationToken)).Failure);
    }

    public void Dispose() => TemporaryDirectory.Delete(_folder);

    private static async Task<ExperimentResult> Run(EvaluatorDomain domain, ulong seed, DataPart part = DataPart.Validation) =>
        await domain.RunAsync(domain.Baseline, seed, part, TestContext.Current.CancellationToken);

    private static async Task<ExperimentResult> Run(IResearchDomain domain, Configuration point) =>
        await domain.RunAsync(point, 1, DataPart.Validation, TestContext.Current.CancellationToken);

    /// <summary>A domain over one number x from 0 to 1, whose script has the candidate in <c>c</c>.</summary>
    private EvaluatorDomain Domain(string script, string? more = null, double tolerance = 1e-9)
    {
        File.WriteAllText(Path.Combine(_folder, "score.py"), $"import json, sys\nc = json.load(sys.stdin)\n{script}\n");
        return Parse("""["/usr/bin/env", "python3", "score.py"]""", more, tolerance);
    }

    private EvaluatorDomain Parse(string command, string? more = null, double tolerance = 1e-9, double timeout = 60) =>
        EvaluatorDomain.Parse(
            FormattableString.Invariant($$"""
            {
              "check": { "metric": { "name": "score", "direction": "maximize", "tolerance": {{tolerance}},
                "evaluator": { "command": {{command}}, "timeoutSeconds": {{timeout}} } } },
              "space": { "x": { "real": [0, 1] } }{{(more is null ? "" : $", {more}")}}
            }
            """),
            "mine",
            _folder,
            TimeProvider.System);
}
