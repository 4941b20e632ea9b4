using System.Text.Json;
using System.Text.Json.Nodes;
using Hive.Basins;

namespace Hive.Silo.Tests.Research;

/// <summary><c>hive research</c> as users run it: repeats exactly, survives kill -9, and says what is wrong with what it is given.</summary>
public sealed class ResearchCommandTests(ITestOutputHelper output)
{
    private static readonly string[] Small = ["research", "packing", "--agents", "6", "--experiments", "48", "--json"];

    [Fact]
    public async Task One_seed_gives_the_same_document_on_one_core_and_on_two()
    {
        using var folder = new TemporaryFolder();
        var first = await DoneAsync(folder, [.. Small, "--id", "same", "--data", "a", "--cores", "1"]);
        var second = await DoneAsync(folder, [.. Small, "--id", "same", "--data", "b", "--cores", "2"]);
        Assert.Equal(Comparable(first), Comparable(second));
    }

    [Fact]
    public async Task A_campaign_killed_at_random_moments_resumes_and_loses_nothing_and_counts_nothing_twice()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var whole = new TemporaryFolder();
        var undisturbed = await DoneAsync(whole, [.. Small, "--id", "victim", "--data", "d"]);
        using var folder = new TemporaryFolder();
        for (var kills = 0; kills < 3; kills++)
        {
            var lines = random.Next(1, 8);
            await using var run = HiveProcess.Start(folder.Path, _ => --lines <= 0, [.. Small, "--id", "victim", "--data", "d"]);
            await run.Seen;
            run.Kill();
            await run.EndAsync();
        }

        Assert.Equal(Comparable(undisturbed), Comparable(await DoneAsync(folder, [.. Small, "--id", "victim", "--data", "d"])));
    }

    [Fact]
    public async Task A_campaign_that_has_ended_is_told_again_and_not_run_again()
    {
        using var folder = new TemporaryFolder();
        var first = await DoneAsync(folder, [.. Small, "--id", "once", "--data", "d"]);
        Assert.Equal(first, await DoneAsync(folder, "research", "--resume", "once", "--data", "d", "--json"));
    }

    [Fact]
    public async Task A_campaign_leaves_a_report_a_signed_basin_and_an_archive_that_git_finds_whole()
    {
        using var folder = new TemporaryFolder();
        var document = JsonNode.Parse(await DoneAsync(folder, [.. Small, "--archive", "record", "--data", "d"]))!;
        Assert.Equal("packing", (string?)document["domain"]);
        Assert.Equal(48, (int)document["experiments"]!);
        var basin = Path.Combine(folder.Path, (string)document["basinFile"]!);
        var packet = BasinPacket.Read(await File.ReadAllBytesAsync(basin));
        Assert.Equal((string?)document["basin"], packet.Address);
        Assert.Equal(0, (await HiveProcess.RunAsync(folder.Path, "basin", "verify", basin, "--data", "d")).Status);
        Assert.Contains("# Research on packing", await File.ReadAllTextAsync(Path.Combine(folder.Path, (string)document["report"]!)));
        using var git = System.Diagnostics.Process.Start("git", ["-C", (string)document["archive"]!, "fsck", "--strict"]);
        await git.WaitForExitAsync();
        Assert.Equal(0, git.ExitCode);
    }

    [Fact]
    public async Task A_basin_of_one_campaign_begins_another_and_one_that_was_tampered_with_is_refused()
    {
        using var folder = new TemporaryFolder();
        var document = JsonNode.Parse(await DoneAsync(folder, [.. Small, "--data", "d"]))!;
        var basin = Path.Combine(folder.Path, (string)document["basinFile"]!);
        var bytes = await File.ReadAllBytesAsync(basin);
        await DoneAsync(folder, "research", "packing", "--agents", "1", "--experiments", "8", "--json", "--data", "d", "--basin", basin);

        await RefusedAsync(folder, "no such basin", "--basin", "nothing.json");
        await RefusedAsync(folder, "was it cut off", "--basin", Write("cut.json", bytes[..(bytes.Length / 2)]));
        await RefusedAsync(folder, "at most 4,096 bytes", "--basin", Write("long.json", [.. bytes, .. new byte[5000]]));

        // Another packet under the signature of the first.
        var other = JsonNode.Parse(await DoneAsync(folder, "research", "packing", "--agents", "6", "--experiments", "48", "--seed", "9", "--json", "--data", "d"))!;
        var resigned = Write("resigned.json", await File.ReadAllBytesAsync(Path.Combine(folder.Path, (string)other["basinFile"]!)));
        File.Copy(basin + ".sig", resigned + ".sig");
        await RefusedAsync(folder, "signature", "--basin", resigned, "--data", "d");
        await RefusedAsync(folder, "key", "--basin", basin, "--data", "stranger");

        var (status, _, error) = await HiveProcess.RunAsync(folder.Path, "research", "hedging", "--experiments", "4", "--json", "--basin", basin, "--data", "d");
        Assert.Equal(2, status);
        Assert.Contains("of the domain 'packing', not of 'hedging'", error);

        string Write(string name, byte[] content)
        {
            var path = Path.Combine(folder.Path, name);
            File.WriteAllBytes(path, content);
            return path;
        }
    }

    [Fact]
    public async Task What_cannot_be_worked_with_is_said_in_one_line_before_anything_runs()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "full"));
        folder.Write("full/notes.txt", "not an archive");
        await RefusedAsync(folder, "full", "--archive", "full");
        await RefusedAsync(folder, "1 to 10,000 agents", "--agents", "0");
        await RefusedAsync(folder, "1 to 4,096 experiments wide", "--window", "0");
        Assert.Contains("no domain 'nonsense'", (await FailAsync(folder, 2, "research", "nonsense")).Error);
        Assert.Contains("Name a domain", (await FailAsync(folder, 2, "research")).Error);
        Assert.Contains("no campaign nowhere", (await FailAsync(folder, 2, "research", "--resume", "nowhere")).Error);
        Assert.Contains("another campaign has the id", await SecondAsync(folder));
    }

    [Fact]
    public async Task A_comparison_tells_its_seeds_and_an_interval_and_is_not_run_again()
    {
        using var folder = new TemporaryFolder();
        string[] command = ["research", "packing", "--compare", "--seeds", "2", "--agents", "5", "--experiments", "30", "--json", "--data", "d"];
        var first = await DoneAsync(folder, command);
        Assert.Equal(first, await DoneAsync(folder, command));
        var rows = JsonNode.Parse(first)!["rows"]!.AsArray();
        Assert.Equal(2, rows.Count);
        Assert.All(rows, row => Assert.InRange((int)row!["at"]!, 1, 31));
    }

    private static async Task<string> SecondAsync(TemporaryFolder folder)
    {
        string[] command = ["research", "packing", "--experiments", "4", "--id", "taken"];
        await DoneAsync(folder, command);
        return (await FailAsync(folder, 2, [.. command, "--seed", "5"])).Error;
    }

    private static async Task<string> DoneAsync(TemporaryFolder folder, params string[] command)
    {
        var (status, document, error) = await HiveProcess.RunAsync(folder.Path, command);
        Assert.True(status == 0, $"{status}: {error}");
        return document;
    }

    private static async Task<(int Status, string Output, string Error)> FailAsync(TemporaryFolder folder, int expected, params string[] command)
    {
        var result = await HiveProcess.RunAsync(folder.Path, command);
        Assert.True(result.Status == expected, $"{result.Status}: {result.Error}");
        return result;
    }

    private static async Task RefusedAsync(TemporaryFolder folder, string message, params string[] options)
    {
        var (_, document, error) = await FailAsync(folder, 2, ["research", "packing", "--experiments", "4", "--json", .. options]);
        Assert.Equal("", document);
        Assert.Contains(message, error, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The document without what differs from run to run: how long it took, and where its files lie.</summary>
    private static string Comparable(string document)
    {
        var node = JsonNode.Parse(document)!.AsObject();
        foreach (var member in new[] { "seconds", "basinFile", "report", "archive" }) node.Remove(member);
        return node.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }
}
