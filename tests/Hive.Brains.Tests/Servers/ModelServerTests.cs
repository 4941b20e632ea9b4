using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Hive.Brains.Calls;

namespace Hive.Brains.Tests.Servers;

/// <summary>A server on demand runs while it is needed, with all that it started, and never longer. The servers are real processes.</summary>
public sealed class ModelServerTests : IDisposable
{
    // Answers with its own number and that of a child of its own; "die" ends it after the answer.
    private const string Program = """
        import http.server, json, os, signal, subprocess, sys
        open("starts", "a").write("x")
        if "stubborn" in sys.argv: signal.signal(signal.SIGTERM, signal.SIG_IGN)
        child = subprocess.Popen(["sleep", "1000"])
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *args): pass
            def answer(self, status, body):
                body = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def do_GET(self):
                self.answer(200 if self.path == "/v1/models" else 404, {"data": []})
            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.answer(200, {"choices": [{"message": {"content": f"{os.getpid()} {child.pid} {os.environ.get('HIVE_TEST_SECRET', 'none')} {os.environ.get('HIVE_TEST_SHOWN', 'none')}"}}]})
                self.wfile.flush()
                if "die" in asked["messages"][0]["content"]: os._exit(3)
        http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
        """;

    private readonly string _folder = TemporaryDirectory.Create("hive-model-server");

    private readonly int _port = Loopback.FreePort();

    private string Endpoint => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}");

    public void Dispose() => TemporaryDirectory.Delete(_folder);

    [Fact]
    public async Task The_first_calls_share_one_start_and_the_end_of_the_pool_ends_all_that_was_started()
    {
        string[] answers;
        await using (var pool = await OpenAsync())
        {
            Assert.Equal("it is started when it is needed", await pool.Pool.WhyAwayAsync("b", TestContext.Current.CancellationToken));
            Assert.False(File.Exists(Path.Combine(_folder, "starts")));
            answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => (await pool.AskAsync()).Text));
            Assert.Null(await pool.Pool.WhyAwayAsync("b", TestContext.Current.CancellationToken));
        }

        Assert.Single(answers.Distinct());
        Assert.Equal("x", await File.ReadAllTextAsync(Path.Combine(_folder, "starts")));
        Assert.All(Processes(answers[0]), process => Assert.False(IsAlive(process)));
    }

    [Fact]
    public async Task A_server_gets_the_variables_that_are_named_and_no_other()
    {
        Environment.SetEnvironmentVariable("HIVE_TEST_SECRET", "secret");
        Environment.SetEnvironmentVariable("HIVE_TEST_SHOWN", "shown");
        await using var pool = await OpenAsync(start: "\"environment\": [\"HIVE_TEST_SHOWN\", \"HIVE_TEST_NOT_SET\"]");
        Assert.EndsWith(" none shown", (await pool.AskAsync()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_idle_server_is_stopped_and_started_again_by_the_next_call()
    {
        var clock = new ManualClock();
        await using var pool = await OpenAsync(clock, "\"idleSeconds\": 30");
        var first = Processes((await pool.AskAsync()).Text);
        clock.Advance(TimeSpan.FromSeconds(29));

        // A call in between keeps it for as long again.
        Assert.Equal(first, Processes((await pool.AskAsync()).Text));
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.All(first, process => Assert.True(IsAlive(process)));
        clock.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(first.Select(EndOf));
        Assert.NotEqual(first, Processes((await pool.AskAsync()).Text));
    }

    [Fact]
    public async Task A_server_that_does_not_end_when_it_is_asked_to_is_killed()
    {
        var clock = new ManualClock();
        var pool = await OpenAsync(clock, argument: "stubborn");
        var processes = Processes((await pool.AskAsync()).Text);
        var ending = pool.DisposeAsync();
        await clock.AlarmAsync(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
        clock.Advance(TimeSpan.FromSeconds(5));
        await ending;
        Assert.All(processes, process => Assert.False(IsAlive(process)));
    }

    [Fact]
    public async Task A_server_that_crashed_is_started_again()
    {
        await using var pool = await OpenAsync(limits: usual => usual with { BreakerThreshold = int.MaxValue });
        var first = Processes((await pool.AskAsync("die")).Text);
        await Task.WhenAll(first.Select(EndOf));
        var second = first;
        while (second.SequenceEqual(first))
        {
            try
            {
                second = Processes((await pool.AskAsync()).Text);
            }
            catch (BrainException e) when (e.Fault is BrainFault.Unreachable or BrainFault.Broken)
            {
                // Its end is known a moment after it happened; until then nobody answers there.
            }
        }

        Assert.NotEqual(first, second);
        Assert.Equal("xx", await File.ReadAllTextAsync(Path.Combine(_folder, "starts")));
    }

    [Fact]
    public async Task A_server_that_does_not_start_is_told_with_what_it_said()
    {
        await using var pool = await OpenAsync(command: ["/bin/sh", "-c", "echo loading; echo no such model >&2; exit 3"]);
        var e = await pool.FailAsync();
        Assert.Equal((BrainFault.Unreachable, false), (e.Fault, e.MayHaveBeenPaid));
        Assert.Contains("ended before it answered", e.Message, StringComparison.Ordinal);
        Assert.Contains("loading", e.Message, StringComparison.Ordinal);
        Assert.Contains("no such model", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_ready_in_time_is_given_up_and_ended()
    {
        await using var pool = await OpenAsync(start: "\"readySeconds\": 0.2", command: ["/bin/sh", "-c", "echo $$ > number; exec sleep 1000"]);
        Assert.Contains("readySeconds", (await pool.FailAsync()).Message, StringComparison.Ordinal);
        Assert.False(IsAlive(int.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "number")), CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_told()
    {
        await using var pool = await OpenAsync(command: ["no-such-program"]);
        Assert.Contains("'no-such-program' is neither on PATH", (await pool.FailAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_gives_up_does_not_end_the_start_that_others_share()
    {
        await using var pool = await OpenAsync();
        using var cancelling = new CancellationTokenSource();
        var first = pool.AskAsync(cancellation: cancelling.Token);
        var second = pool.AskAsync();
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.NotEmpty((await second).Text);
        Assert.Equal("x", await File.ReadAllTextAsync(Path.Combine(_folder, "starts")));
    }

    [Fact]
    public async Task A_pool_that_ends_ends_a_start_on_its_way()
    {
        var pool = await OpenAsync(command: ["/bin/sh", "-c", "echo $$ > number.new; mv number.new number; exec sleep 1000"]);
        using var started = new FileSystemWatcher(_folder, "number");
        var isThere = new TaskCompletionSource();
        started.Created += (_, _) => isThere.TrySetResult();
        started.Renamed += (_, _) => isThere.TrySetResult();
        started.EnableRaisingEvents = true;
        var failing = pool.FailAsync();
        await isThere.Task;
        await pool.DisposeAsync();
        var e = await failing;
        Assert.Equal((BrainFault.Unreachable, false), (e.Fault, e.MayHaveBeenPaid));
        Assert.False(IsAlive(int.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "number")), CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task A_server_that_somebody_else_started_is_used_and_left_alone()
    {
        await using var server = WireServer.Start(WireServer.Says(WireServer.Reply));
        await using var pool = await TestPool.OpenAsync(server.Endpoint, """ "start": {"command": ["/bin/false"]}""");
        Assert.Equal("hello", (await pool.AskAsync()).Text);
        Assert.Equal("hello", (await pool.AskAsync()).Text);
    }

    private async Task<TestPool> OpenAsync(
        TimeProvider? time = null, string start = "", string argument = "", string[]? command = null, Func<BrainLimits, BrainLimits>? limits = null)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "server.py"), Program);
        string[] words = ["/bin/sh", "-c", $"cd '{_folder}' && exec \"$@\"", "sh", .. command ?? ["/usr/bin/python3", "server.py", _port.ToString(CultureInfo.InvariantCulture), argument]];
        words = command is ["no-such-program"] ? command : words;
        return await TestPool.OpenAsync(Endpoint, $"\"maxConcurrency\": 8, \"start\": {{\"command\": {JsonSerializer.Serialize(words.Where(word => word.Length > 0))}{(start.Length > 0 ? "," + start : "")}}}", time, limits);
    }

    private static int[] Processes(string answer) => [.. answer.Split(' ').Take(2).Select(number => int.Parse(number, CultureInfo.InvariantCulture))];

    private static bool IsAlive(int process) => File.Exists($"/proc/{process}/stat") && !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);

    private static async Task EndOf(int process)
    {
        try
        {
            using var ending = Process.GetProcessById(process);
            await ending.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        catch (ArgumentException)
        {
            // It has ended already.
        }
    }
}
