using System.Diagnostics;

namespace Hive.Grains.Tests.Evaluators;

/// <summary>A host that is killed cannot clean up; what it started ends all the same.</summary>
public class KilledHostTests
{
    [Theory]
    [InlineData("once", "sleep 1000")]
    [InlineData("lines", "sleep 1000")]
    [InlineData("lines", "trap '' TERM HUP INT; sleep 1000 & while :; do sleep 1000; done")]
    [InlineData("once", "env -i sleep 1000")]
    [InlineData("once", "setsid sh -c 'trap \"\" TERM HUP; sleep 1000; sleep 1000' </dev/null >/dev/null 2>&1 & wait")]
    public async Task Killing_the_host_with_signal_9_leaves_no_child(string protocol, string deed)
    {
        using var bench = new Workbench();
        await bench.MakePipeAsync("ready.pipe");
        bench.Write("evaluator.sh", $"read request\necho ready > ready.pipe\n{deed}\n");
        var start = new ProcessStartInfo("dotnet");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Hive.EvaluatorHost.dll"));
        start.ArgumentList.Add(protocol);
        start.ArgumentList.Add(bench.Folder);
        using var host = Process.Start(start)!;
        Assert.Equal("ready\n", await bench.ReadPipeAsync("ready.pipe"));
        Assert.True(bench.Running().Length >= 3, "the host, the evaluator and its watcher run");

        host.Kill();
        await host.WaitForExitAsync(TestContext.Current.CancellationToken);

        await bench.NothingIsLeftAsync();
    }
}
