using System.Text.Json;
using Hive.Leaderboards;
using Hive.Research;

namespace Hive.Silo.Tests.Commands;

public sealed class LeaderboardCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_hives_become_of_one_mind_by_a_file()
    {
        WriteBoard("ada.board", 'a', "ada", 2);
        WriteBoard("bob.board", 'a', "bob", 1);
        Assert.True((await JsonAsync("merge", "ada.board", "--data", "one", "--json")).GetProperty("changed").GetBoolean());
        await DoneAsync("merge", "bob.board", "--data", "other");
        await DoneAsync("export", "ml", "one.board", "--data", "one");
        Assert.Equal(2, (await JsonAsync("merge", "one.board", "--data", "other", "--json")).GetProperty("agents").GetInt32());
        Assert.Contains("nothing new", await DoneAsync("merge", "one.board", "--data", "other"), StringComparison.Ordinal);
        var page = await JsonAsync("show", "ml", "--data", "other", "--json");
        Assert.Equal(["bob", "ada"], page.GetProperty("places").EnumerateArray().Select(place => place.GetProperty("agent").GetString()));
        Assert.Equal(0.1, page.GetProperty("places")[0].GetProperty("configuration").GetProperty("rate").GetDouble());
        Assert.Contains("minimize", await DoneAsync("show", "--data", "other"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_leaderboards_of_several_data_one_is_named_by_its_fingerprint()
    {
        WriteBoard("a.board", 'a', "ada", 2);
        WriteBoard("b.board", 'b', "bob", 1);
        await DoneAsync("merge", "a.board");
        await DoneAsync("merge", "b.board");
        Assert.Contains("--fingerprint", await BadAsync("show", "ml"), StringComparison.Ordinal);
        Assert.Contains("bob", await DoneAsync("show", "ml", "--fingerprint", "bb"), StringComparison.Ordinal);
        Assert.Contains("begins with c", await BadAsync("show", "ml", "--fingerprint", "c"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_leaderboard_is_refused_in_one_line()
    {
        _folder.Write("poem.txt", "roses are red");
        Assert.Contains("poem.txt: this is no leaderboard", await BadAsync("merge", "poem.txt"), StringComparison.Ordinal);
        Assert.Contains("missing.board", await BadAsync("merge", "missing.board"), StringComparison.Ordinal);
        Assert.Contains("no leaderboard of 'ml'", await BadAsync("export", "ml", "ml.board"), StringComparison.Ordinal);
        Assert.Contains("from 1 to 1,000", await BadAsync("show", "ml", "--top", "0"), StringComparison.Ordinal);
    }

    private void WriteBoard(string file, char fingerprint, string agent, double value)
    {
        var board = new Leaderboard(new LeaderboardKey("ml", new string(fingerprint, 64), Direction.Minimize));
        board.Submit(new Claim(agent, "run-1", value, """{"rate":0.1}""", 1, default));
        board.Count(new ExperimentCount(agent, 1, 10));
        File.WriteAllBytes(Path.Combine(_folder.Path, file), board.ToDelta().ToBytes());
    }

    private async Task<JsonElement> JsonAsync(params string[] arguments) => JsonDocument.Parse(await DoneAsync(arguments)).RootElement;

    private async Task<string> DoneAsync(params string[] arguments)
    {
        var (status, output, error) = await HiveProcess.RunAsync(_folder.Path, ["leaderboard", .. arguments]);
        Assert.True(status == 0, error);
        return output;
    }

    private async Task<string> BadAsync(params string[] arguments)
    {
        var (status, output, error) = await HiveProcess.RunAsync(_folder.Path, ["leaderboard", .. arguments]);
        Assert.Equal((2, ""), (status, output));
        return Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
