using Hive.Cognition.Calls;

namespace Hive.Cognition.Tests.Calls;

public sealed class LatenciesTests
{
    [Fact]
    public void Nothing_is_said_before_enough_calls_are_known()
    {
        var latencies = new Latencies();
        for (var i = 1; i < Latencies.Least; i++)
        {
            latencies.Add(i);
            Assert.Null(latencies.P95);
        }

        latencies.Add(Latencies.Least);
        Assert.Equal(19, latencies.P95);
    }

    [Fact]
    public void Ninety_five_percent_of_the_calls_that_are_remembered_were_no_slower()
    {
        var latencies = new Latencies();
        for (var i = 0; i < 1_000; i++)
        {
            latencies.Add(1_000);
        }

        // Only the latest count.
        for (var i = 1; i <= Latencies.Window; i++)
        {
            latencies.Add((i * 37) % Latencies.Window);
        }

        Assert.Equal(Math.Ceiling(0.95 * Latencies.Window) - 1, latencies.P95);
    }
}
