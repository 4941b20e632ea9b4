using Hive.Leaderboards;

namespace Hive.Grains.Tests.Leaderboards;

/// <summary>Acknowledged means written: each asker against the writes that began and ended around it.</summary>
public sealed class SharedWriteTests
{
    private readonly List<TaskCompletionSource> _writes = [];
    private readonly SharedWrite _shared;

    public SharedWriteTests() => _shared = new SharedWrite(() =>
    {
        _writes.Add(new TaskCompletionSource());
        return _writes[^1].Task;
    });

    [Fact]
    public async Task All_who_ask_during_a_write_share_the_next_one_and_wait_for_it()
    {
        var first = _shared.WriteAsync();
        var others = Enumerable.Range(0, 5).Select(_ => _shared.WriteAsync()).ToArray();
        _writes[0].SetResult();
        await first;
        Assert.Equal(2, _writes.Count);
        Assert.All(others, other => Assert.False(other.IsCompleted));
        var late = _shared.WriteAsync();
        _writes[1].SetResult();
        await Task.WhenAll(others);
        Assert.Equal(3, _writes.Count);
        Assert.False(late.IsCompleted);
        _writes[2].SetResult();
        await late;
    }

    [Fact]
    public async Task A_write_that_fails_is_told_to_those_who_asked_for_it_and_the_next_one_is_tried()
    {
        var first = _shared.WriteAsync();
        var second = _shared.WriteAsync();
        _writes[0].SetException(new IOException("full"));
        await Assert.ThrowsAsync<IOException>(() => first);
        _writes[1].SetResult();
        await second;
        var third = _shared.WriteAsync();
        _writes[2].SetResult();
        await third;
    }
}
