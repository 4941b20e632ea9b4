using Hive.Engine.Tests.Support;
using Orleans.TestingHost;

namespace Hive.Engine.Tests;

public interface IListenerObserver : IGrainObserver
{
    void Heard(int item);
}

public interface ISpeaker : IGrainWithIntegerKey
{
    Task Speak(IListenerObserver observer, int count);
}

public sealed class SpeakerGrain : Grain, ISpeaker
{
    public Task Speak(IListenerObserver observer, int count)
    {
        for (var i = 0; i < count; i++) observer.Heard(i);
        return Task.CompletedTask;
    }
}

public sealed class ObserverTests
{
    [Fact]
    public async Task A_grain_can_call_an_object_until_its_reference_is_deleted()
    {
        await using var cluster = await TestClusters.StartAsync();
        var client = cluster.Client;
        var speaker = client.GetGrain<ISpeaker>(0);
        var recorder = new Recorder(100);
        var reference = client.CreateObjectReference<IListenerObserver>(recorder);
        await speaker.Speak(reference, 100);
        await recorder.Done;
        Assert.Equal(Enumerable.Range(0, 100), recorder.Items.Order());

        client.DeleteObjectReference<IListenerObserver>(reference);
        await speaker.Speak(reference, 5);
        var other = new Recorder(1);
        await speaker.Speak(client.CreateObjectReference<IListenerObserver>(other), 1);
        await other.Done;
        Assert.Equal(100, recorder.Items.Count);
        GC.KeepAlive(recorder);
    }

    private sealed class Recorder(int expected) : IListenerObserver
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<int> Items { get; } = [];

        public Task Done => _done.Task;

        public void Heard(int item)
        {
            lock (Items)
            {
                Items.Add(item);
                if (Items.Count == expected) _done.TrySetResult();
            }
        }
    }
}
