using System.Text.Json;

namespace Hive.Silo.Tests.Bench;

public sealed class HanoiBenchTests(ITestOutputHelper output)
{
    private const int Rounds = 2;
    private const int Kills = 4;

    [Fact]
    public async Task Killed_at_random_moments_the_chain_goes_on_at_its_step_without_an_error_and_without_voting_twice()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            using var folder = new TemporaryFolder();
            var steps = new List<long>();
            var result = await KillAsync(folder, random, steps);
            output.WriteLine($"round {round}: gone on at {string.Join(", ", steps)} of 2047");
            Assert.Equal((2_047, 0, 0, "Done"), (Whole(result, "steps"), Whole(result, "errors"), Whole(result, "votedTwice"), result.GetProperty("state").GetString()));
            Assert.Contains(steps, step => step is > 0 and < 2_047);
            Assert.Equal(steps.Order(), steps);
        }
    }

    [Fact]
    public async Task Votes_bring_a_tower_to_its_place_that_one_brain_alone_does_not()
    {
        using var folder = new TemporaryFolder();
        var (status, document, error) = await HiveProcess.RunAsync(folder.Path, "bench", "hanoi", "--disks", "9", "--accuracy", "0.9", "--malformed", "0.05", "--json");
        Assert.True(status == 0, error);
        var result = JsonDocument.Parse(document).RootElement;
        Assert.True(result.GetProperty("simulation").GetBoolean());
        Assert.Equal((511, 0), (Whole(result, "steps"), Whole(result, "errors")));
        Assert.InRange(Whole(result, "aloneFailedAt"), 1, 511);
        Assert.InRange(Whole(result, "votes") - Whole(result, "thrown"), 0.9 * result.GetProperty("expectedVotes").GetDouble(), 1.1 * result.GetProperty("expectedVotes").GetDouble());
        Assert.Empty(Directory.EnumerateDirectories(folder.Path));
    }

    [Theory]
    [InlineData("--disks", "0")]
    [InlineData("--disks", "31")]
    [InlineData("--accuracy", "0.5")]
    [InlineData("--malformed", "0.5")]
    [InlineData("--reliability", "1")]
    [InlineData("--seed", "-1")]
    public async Task What_cannot_be_simulated_is_refused_in_one_line(string option, string value)
    {
        using var folder = new TemporaryFolder();
        var (status, _, error) = await HiveProcess.RunAsync(folder.Path, "bench", "hanoi", option, value, "--json");
        Assert.Equal(2, status);
        Assert.Contains(option, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    /// <summary>Runs the chain, kills it after a random number of lines a few times, and lets it come to its end.</summary>
    private static async Task<JsonElement> KillAsync(TemporaryFolder folder, Random random, List<long> steps)
    {
        for (var kills = 0; ; kills++)
        {
            var lines = random.Next(2, 20);
            await using var run = HiveProcess.Start(folder.Path, _ => --lines <= 0, "bench", "hanoi", "--disks", "11", "--data", "data", "--seed", "5", "--json");
            if (kills < Kills)
            {
                await run.Seen;
                run.Kill();
            }

            var (status, document, error) = await run.EndAsync();
            steps.AddRange(error.Split('\n').Where(line => line.StartsWith("goes on at step ", StringComparison.Ordinal)).Select(line => long.Parse(line["goes on at step ".Length..])));
            if (status == 0)
            {
                return JsonDocument.Parse(document).RootElement;
            }

            Assert.True(kills < Kills, $"{status}: {error}");
        }
    }

    private static long Whole(JsonElement result, string member) => result.GetProperty(member).GetInt64();
}
