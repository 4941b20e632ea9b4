using System.Text.Json;
using Hive.Basins;
using Hive.Research;

namespace Hive.Silo.Tests.Commands;

public sealed class BasinCommandTests : IDisposable
{
    private static readonly BasinSpace Space = new(new TechniqueSpace([new CategoricalTechnique("init", ["normal", "xavier", "kaiming"]), new LogRealTechnique("rate", 1e-4, 1)]));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_basin_is_imported_shown_forked_merged_verified_and_exported_across_processes()
    {
        var address = Write("ml.basin", Learnt());
        Assert.Equal(address, Json(await DoneAsync("basin", "import", "ml.basin", "--unsigned", "--json")).GetProperty("address").GetString());
        Assert.Contains("ml/deep", await DoneAsync("basin", "fork", "ml/guest", "deep"), StringComparison.Ordinal);
        var merged = Json(await DoneAsync("basin", "merge", "ml", "guest", "--json")).GetProperty("address").GetString();
        var shown = Json(await DoneAsync("basin", "show", "ml", "--json"));
        Assert.Equal(merged, shown.GetProperty("address").GetString());
        Assert.True(shown.GetProperty("factors").GetProperty("init").GetProperty("kaiming").GetDouble() > 0.4);
        var bars = await DoneAsync("basin", "show", "ml");
        Assert.Contains("kaiming", bars, StringComparison.Ordinal);
        Assert.Contains("█", bars, StringComparison.Ordinal);
        var log = Json(await DoneAsync("basin", "log", "ml", "--json")).GetProperty("packets");
        Assert.Equal(merged, log[0].GetProperty("address").GetString());
        Assert.Equal(2, log[0].GetProperty("parents").GetArrayLength());
        Assert.Equal(3, Json(await DoneAsync("basin", "verify", "ml", "--json")).GetProperty("verified").GetInt32());
        await DoneAsync("basin", "export", "ml", "out.basin");
        Assert.Contains("1 verified", await DoneAsync("basin", "verify", "out.basin"), StringComparison.Ordinal);
        Assert.Equal(0, Json(await DoneAsync("basin", "diff", "ml", "out.basin", "--json")).GetProperty("distance").GetDouble());
        Write("even.basin", BasinPoint.Even(Space));
        Assert.Contains("init: ", await DoneAsync("basin", "diff", "even.basin", "out.basin"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_trusted_is_refused_in_one_line_and_nothing_is_lost()
    {
        Write("ml.basin", Learnt());
        await RefusedAsync("no signature", "basin", "import", "ml.basin");
        await DoneAsync("basin", "import", "ml.basin", "--unsigned");
        await DoneAsync("basin", "export", "ml/guest", "out.basin");
        var before = await DoneAsync("basin", "log", "ml/guest", "--json");

        using (var stranger = BasinKey.Create()) File.WriteAllBytes(At("out.basin.sig"), stranger.Sign(BasinPacket.Read(File.ReadAllBytes(At("out.basin"))).Address).ToJson());
        await RefusedAsync("nobody here trusts", "basin", "import", "out.basin", "--branch", "other", "--unsigned");
        File.WriteAllBytes(At("cut.basin"), File.ReadAllBytes(At("ml.basin"))[..300]);
        await RefusedAsync("cut off", "basin", "import", "cut.basin", "--unsigned");
        File.WriteAllText(At("large.basin"), new string(' ', 100_000));
        await RefusedAsync("4,096", "basin", "show", "large.basin");
        Write("search.basin", Learnt(), "search");
        File.Delete(At("search.basin.space"));
        await RefusedAsync("no basins", "basin", "import", "search.basin", "--unsigned");
        await RefusedAsync("no basin 'unknown'", "basin", "show", "ml/unknown");
        Assert.Equal(before, await DoneAsync("basin", "log", "ml/guest", "--json"));
    }

    private static BasinPoint Learnt() => BasinLearning.Learnt(BasinPoint.Even(Space), [new Success(new Configuration([2, 0.01]), 1)], 0.3);

    private string Write(string file, BasinPoint point, string domain = "ml")
    {
        var packet = BasinPacket.Write(point, new BasinRecord(domain, new string('a', 64), [], 7, 0, 0, "", 0));
        File.WriteAllBytes(At(file), packet.Bytes.ToArray());
        File.WriteAllBytes(At(file + ".space"), BasinSpaceText.Write(Space));
        return packet.Address;
    }

    private string At(string file) => Path.Combine(_folder.Path, file);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private async Task RefusedAsync(string told, params string[] arguments)
    {
        var (status, output, error) = await HiveProcess.RunAsync(_folder.Path, arguments);
        Assert.Equal((2, ""), (status, output));
        Assert.Contains(told, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private async Task<string> DoneAsync(params string[] arguments)
    {
        var (status, output, error) = await HiveProcess.RunAsync(_folder.Path, arguments);
        Assert.True(status == 0, error);
        return output;
    }
}
