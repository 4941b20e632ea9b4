using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Hive.Brains.Scripted;
using Hive.Building;
using Hive.Goals;
using Hive.Storage;
using Hive.Testing;

namespace Hive.Grains.Tests.Cognition;

/// <summary>The developer loop: a feature request becomes a branch whose tests pass, and nothing else of the user's repository changes.</summary>
public sealed class BuildGoalTests(ITestOutputHelper output) : IDisposable
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <UseAppHost>false</UseAppHost>
          </PropertyGroup>
        </Project>
        """;

    private const string Checks = """
        if (Calculator.Add(1, 2) != 3 || Calculator.Subtract(1, 2) != -1)
        {
            System.Console.Error.WriteLine($"expected -1, got {Calculator.Subtract(1, 2)}");
            System.Environment.Exit(1);
        }
        """;

    private readonly string _root = TemporaryDirectory.Create("hive-build-goal");

    private string User => Path.Combine(_root, "user");

    public void Dispose() => TemporaryDirectory.Delete(_root);

    [Fact]
    public async Task A_patch_that_fails_the_tests_is_mended_in_the_next_round_and_becomes_a_branch()
    {
        Begin(("greet.sh", "echo Hello\n"), ("check.sh", "test \"$(sh greet.sh)\" = 'Hello, world' || { sh greet.sh; exit 1; }\n"));
        await MendAsync(
            ["sh", "check.sh"],
            Writing("greet.sh", "echo Hello, word"),
            Writing("greet.sh", "echo Hello, world"),
            "Hello, word");
        Assert.Equal("echo Hello, world", Git("show", "hive/g:greet.sh"));
        Assert.Equal("greet.sh", Git("diff", "--name-only", "main", "hive/g"));
    }

    [Fact]
    public async Task A_feature_of_a_program_in_csharp_is_built_and_tested_by_the_real_sdk()
    {
        const string Add = "    public static int Add(int a, int b) => a + b;";
        Begin(
            ("Calculator.csproj", Project),
            ("Calculator.cs", $"public static class Calculator\n{{\n{Add}\n}}\n"),
            ("nuget.config", "<configuration><packageSources><clear /></packageSources></configuration>\n"),
            (".gitignore", "bin/\nobj/\n"));
        string Patch(string sign) =>
            $"=== Calculator.cs\n<<<<<<< SEARCH\n{Add}\n=======\n{Add}\n\n    public static int Subtract(int a, int b) => a {sign} b;\n>>>>>>> REPLACE\n{Writing("Checks.cs", Checks)}";
        await MendAsync(["dotnet", "run", "--configuration", "Release"], Patch("+"), Patch("-"), "expected -1, got 3");
        Assert.Equal("Calculator.cs\nChecks.cs", Git("diff", "--name-only", "main", "hive/g"));
    }

    [Fact]
    public async Task A_build_whose_tests_never_pass_ends_exhausted_with_its_change_and_without_a_branch()
    {
        Begin(("check.sh", "echo it never passes; exit 1\n"));
        var before = Snapshot();
        await using var cluster = await StartAsync(Writing("new.txt", "one"));
        var status = await cluster.RunAsync("g", Goal(["sh", "check.sh"], rounds: 2));

        Assert.True(status is { State: GoalState.Exhausted, Cognition: { Branch: null, IsAccepted: false } }, status.ToJson());
        Assert.Contains("+one", status.Cognition!.Answer, StringComparison.Ordinal);
        Assert.Equal("main", Git("branch", "--format=%(refname:short)"));
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public async Task A_change_that_does_not_apply_on_top_of_the_others_is_not_left_out_without_a_word()
    {
        Begin(("greet.sh", "echo Hello\n"));
        await using var cluster = await StartAsync(Writing("greet.sh", "echo Hello, world"), Writing("greet.sh", "echo Good evening"));
        var goal = JsonNode.Parse(Goal(["true"], rounds: 1))!;
        goal["tasks"] = new JsonArray("Greet the world.", "Greet in the evening.");
        var status = await cluster.RunAsync("g", goal.ToJsonString());

        Assert.True(status is { State: GoalState.Exhausted, Cognition: { Branch: null, IsAccepted: false } }, status.ToJson());
        Assert.Contains("does not apply on top of the others", status.Reason, StringComparison.Ordinal);
        Assert.Equal("main", Git("branch", "--format=%(refname:short)"));
    }

    [Fact]
    public async Task A_folder_that_is_no_repository_fails_the_goal_and_says_so()
    {
        Directory.CreateDirectory(User);
        await using var cluster = await StartAsync("unused");
        var status = await cluster.RunAsync("g", Goal(["true"], rounds: 1));
        Assert.True(status is { State: GoalState.Failed, Missing.Length: 1 }, status.ToJson());
        Assert.Empty(cluster.Brains.Calls);
    }

    [Fact]
    public async Task Wherever_the_log_of_a_build_ends_it_goes_on_to_the_same_branch()
    {
        Begin(("greet.sh", "echo Hello\n"), ("check.sh", "test \"$(sh greet.sh)\" = 'Hello, world' || { sh greet.sh; exit 1; }\n"));
        var before = Snapshot();
        List<LogEntry> whole;
        await using (var live = await BrainCluster.StartAsync(Mending(), workshop: Workshop()))
        {
            var status = await live.RunAsync("g", Goal(["sh", "check.sh"], rounds: 3));
            Assert.True(status is { State: GoalState.Done, Rounds: 2 }, status.ToJson());
            whole = await BrainCluster.EntriesAsync(live.Log, "g");
        }

        var tree = Git("rev-parse", "hive/g^{tree}");
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var i = 0; i < 6; i++)
        {
            var cut = random.Next(1, whole.Count);
            output.WriteLine($"cut after {cut} of {whole.Count}");
            var log = new MemoryGoalLog();
            await log.AppendAsync("g", whole.GetRange(0, cut), null, CancellationToken.None);
            await using var cluster = await BrainCluster.StartAsync(Mending(), log, workshop: Workshop());
            var known = (await cluster.ReplayAsync("g")).Cognition!;
            await cluster.Goal("g").ResumeAsync();
            var status = await cluster.Silos.EndAsync("g");
            Assert.True(status is { State: GoalState.Done, Rounds: 2, Cognition.Branch: "hive/g" }, status.ToJson());
            Assert.DoesNotContain(cluster.Brains.Calls, call => known.Reserved(call.Id) is not null);
            Assert.Equal(tree, Git("rev-parse", "hive/g^{tree}"));
            Assert.Equal("1", Git("rev-list", "--count", "main..hive/g"));
        }

        Assert.Equal(before, Snapshot());
    }

    /// <summary>A brain that writes what is right once it has been told what is wrong.</summary>
    private static BrainScript Mending() => new()
    {
        Models = [new ScriptedModel { Name = "only" }],
        Rules =
        [
            new ScriptedRule { When = new RuleCondition { Role = "text", Contains = "the tests fail" }, Replies = [Writing("greet.sh", "echo Hello, world")] },
            new ScriptedRule { When = new RuleCondition { Role = "text" }, Replies = [Writing("greet.sh", "echo Hello, word")] },
        ],
    };

    private GitWorkshop Workshop() => new(Path.Combine(_root, "sites"), TimeProvider.System);

    private async Task MendAsync(string[] tests, string failing, string mending, string said)
    {
        var before = Snapshot();
        await using var cluster = await StartAsync(failing, mending);
        var status = await cluster.RunAsync("g", Goal(tests, rounds: 3));

        Assert.True(status is { State: GoalState.Done, Rounds: 2, Cognition.Branch: "hive/g" }, status.ToJson());
        Assert.Contains(said, Assert.Single(cluster.Brains.Calls, call => call.Id == "r1.t1.a0").Asked, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot());
        Assert.Equal("1", Git("rev-list", "--count", "main..hive/g"));
        Assert.Contains("r1.t1.a0", Git("log", "-1", "--format=%B", "hive/g"), StringComparison.Ordinal);
        Assert.Empty(Directory.Exists(Path.Combine(_root, "sites")) ? Directory.GetDirectories(Path.Combine(_root, "sites")) : []);
    }

    private Task<BrainCluster> StartAsync(params string[] replies) => BrainCluster.StartAsync(
        new BrainScript
        {
            Models = [new ScriptedModel { Name = "only" }],
            Rules = [new ScriptedRule { When = new RuleCondition { Role = "text" }, Replies = [.. replies] }],
        },
        workshop: Workshop());

    private string Goal(string[] tests, int rounds) => new JsonObject
    {
        ["objective"] = "Do what is asked for.",
        ["build"] = new JsonObject { ["repository"] = User },
        ["check"] = new JsonObject { ["tests"] = new JsonObject { ["command"] = new JsonArray([.. tests.Select(part => (JsonNode)part)]) }, ["critics"] = new JsonObject() },
        ["budget"] = new JsonObject { ["tokens"] = 1_000_000, ["rounds"] = rounds },
        ["width"] = 1,
        ["stakes"] = "low",
    }.ToJsonString();

    private static string Writing(string path, string text) => $"=== {path}\n`````\n{text}\n`````\n";

    private void Begin(params (string Path, string Text)[] files)
    {
        Directory.CreateDirectory(User);
        Git("init", "--quiet", "--initial-branch=main");
        foreach (var (path, text) in files)
        {
            File.WriteAllText(Path.Combine(User, path), text);
        }

        Git("add", "--all");
        Git("commit", "--quiet", "--message", "Begin");
        File.WriteAllText(Path.Combine(User, "notes.txt"), "not committed");
    }

    /// <summary>The work tree and what is checked out.</summary>
    private string Snapshot() => string.Join('\n',
    [
        Git("symbolic-ref", "HEAD"),
        Git("rev-parse", "main"),
        Git("status", "--porcelain"),
        .. Directory.GetFiles(User, "*", SearchOption.AllDirectories)
            .Where(file => !file.StartsWith(Path.Combine(User, ".git") + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetRelativePath(User, file)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}"),
    ]);

    /// <summary>Runs git as a person would, without this machine's settings.</summary>
    private string Git(params string[] arguments) => PersonsGit.Run(User, arguments);
}
