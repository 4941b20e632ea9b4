using System.Text.Json;

namespace Hive.Silo.Tests.Commands;

public sealed class SkillCommandTests : IDisposable
{
    private const string Greeter = """
        (module
          (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (data (i32.const 0) "\10\00\00\00\06\00\00\00")
          (data (i32.const 16) "hello\n")
          (func (export "_start") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_skill_is_added_listed_shown_run_and_removed_across_processes()
    {
        _folder.Write("greeter.wat", Greeter);
        _folder.Write("tests.json", """{ "tests": [ { "output": "hello" } ] }""");
        var added = await DoneAsync("skill", "add", "greeter.wat", "--tests", "tests.json", "--json");
        var address = JsonDocument.Parse(added).RootElement.GetProperty("address").GetString()!;
        Assert.Equal(64, address.Length);
        Assert.Contains(address[..12], await DoneAsync("skill", "list"), StringComparison.Ordinal);
        Assert.Contains("fuel", await DoneAsync("skill", "show", address[..8]), StringComparison.Ordinal);
        Assert.Equal("hello\n", await DoneAsync("skill", "run", "greeter"));
        await DoneAsync("skill", "remove", "greeter");
        Assert.Empty(await DoneAsync("skill", "list"));
    }

    [Theory]
    [InlineData("(module", """{ "tests": [ { "output": "" } ] }""", 2, "greeter.wat")]
    [InlineData(Greeter, """{ "tests": [] }""", 2, "tests.json: tests")]
    [InlineData(Greeter, """{ "tests": [ { "output": "bye" } ] }""", 4, "not accepted")]
    public async Task What_is_no_skill_is_refused_in_one_line(string module, string tests, int status, string told)
    {
        _folder.Write("greeter.wat", module);
        _folder.Write("tests.json", tests);
        var (ended, output, error) = await HiveProcess.RunAsync(_folder.Path, "skill", "add", "greeter.wat", "--tests", "tests.json");
        Assert.Equal((status, ""), (ended, output));
        Assert.Contains(told, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private async Task<string> DoneAsync(params string[] arguments)
    {
        var (status, output, error) = await HiveProcess.RunAsync(_folder.Path, arguments);
        Assert.True(status == 0, error);
        return output;
    }
}
