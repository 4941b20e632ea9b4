using FsCheck;
using FsCheck.Fluent;
using Hive.Leaderboards;
using Hive.Randomness;

namespace Hive.Research.Tests.Leaderboards;

/// <summary>The serialised form against what strangers may send.</summary>
public sealed class LeaderboardDeltaTests
{
    [Fact]
    public void What_is_written_reads_back_the_same() => Prop.ForAll<ulong>(seed =>
    {
        var bytes = Boards.Delta(new SeededRandom(seed)).ToBytes();
        return LeaderboardDelta.Parse(bytes).ToBytes().AsSpan().SequenceEqual(bytes);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Whatever_is_changed_in_it_reads_as_something_valid_or_is_refused() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        var bytes = Boards.Board(random, LeaderboardBounds.Default).ToDelta().ToBytes();
        for (var i = 1 + random.NextInt(4); i > 0; i--) bytes[random.NextInt(bytes.Length)] = (byte)random.NextBits();
        return IsReadOrRefused(bytes);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Whatever_is_cut_off_it_is_refused()
    {
        var bytes = LeaderboardDelta.Of(Boards.Key, Boards.Claim("ada", 1)).ToBytes();
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<FormatException>(() => LeaderboardDelta.Parse(bytes.AsSpan(0, length)));
        }

        Assert.Contains("more follows", Assert.Throws<FormatException>(() => LeaderboardDelta.Parse([.. bytes, 0])).Message);
    }

    [Fact]
    public void An_announcement_of_more_entries_than_there_can_be_is_refused_before_room_is_made_for_them()
    {
        var bytes = new LeaderboardDelta(Boards.Key, [], []).ToBytes();
        bytes.AsSpan(bytes.Length - 8, 4).Fill(0x7F);
        Assert.Contains("2139062143 entries are announced", Assert.Throws<FormatException>(() => LeaderboardDelta.Parse(bytes)).Message);
        Assert.Contains("at most", Assert.Throws<FormatException>(() => LeaderboardDelta.Parse(new byte[LeaderboardDelta.MaxBytes + 1])).Message);
    }

    [Theory]
    [InlineData(0x7FF0000000000000)]
    [InlineData(0xFFF0000000000000)]
    [InlineData(0x7FF8000000000001)]
    public void A_value_that_is_no_number_is_refused(ulong bits)
    {
        var bytes = LeaderboardDelta.Of(Boards.Key, Boards.Claim("ada", 1)).ToBytes();
        var at = bytes.AsSpan().IndexOf(BitConverter.GetBytes(1.0));
        BitConverter.TryWriteBytes(bytes.AsSpan(at), bits);
        Assert.Contains("only finite numbers", Assert.Throws<FormatException>(() => LeaderboardDelta.Parse(bytes)).Message);
    }

    private static bool IsReadOrRefused(byte[] bytes)
    {
        try
        {
            var board = new Leaderboard(LeaderboardDelta.Parse(bytes).Key);
            board.Merge(bytes);
            return LeaderboardDelta.Parse(board.ToDelta().ToBytes()).Claims.All(claim => double.IsFinite(claim.Claim.Value));
        }
        catch (FormatException)
        {
            return true;
        }
    }
}
