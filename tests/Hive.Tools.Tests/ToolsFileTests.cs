using Hive.Tools.Configuration;

namespace Hive.Tools.Tests;

/// <summary>What an owner writes of tool servers.</summary>
public sealed class ToolsFileTests
{
    private const string Path = "/home/bee/hive.json";

    [Fact]
    public void A_program_and_an_address_are_read_with_all_that_belongs_to_them()
    {
        var servers = ToolsFile.Parse(
            """
            {
              "brains": [{"anything": true}], "discover": false, "tiers": {}, "prompts": "prompts",
              "tools": {
                "files": {
                  "command": ["npx", "-y", "files", ""], "directory": "work", "environment": {"MODE": "", "ROOT": "/"}, "passEnvironment": ["TOKEN"],
                  "readOnly": ["list"], "sideEffects": ["*"], "approve": ["touch"], "allow": ["list", "touch"], "timeoutSeconds": 2.5
                },
                "docs": {"url": "https://docs.example/mcp", "headerEnv": {"Authorization": "DOCS_TOKEN"}}
              }
            }
            """,
            Path).Servers;

        Assert.Equal(["files", "docs"], servers.Select(server => server.Name));
        var (files, docs) = (servers[0], servers[1]);
        Assert.Equal(["npx", "-y", "files", ""], files.Command);
        Assert.Equal("/home/bee/work", files.Directory);
        Assert.Equal(["MODE=", "ROOT=/"], files.Environment.Select(variable => $"{variable.Key}={variable.Value}").Order());
        Assert.Equal(["TOKEN"], files.PassEnvironment);
        Assert.Equal(["list"], files.ReadOnly);
        Assert.Equal(["*"], files.SideEffects);
        Assert.Equal(["touch"], files.Approve);
        Assert.Equal(["list", "touch"], files.Allow);
        Assert.Equal(TimeSpan.FromSeconds(2.5), files.Timeout);
        Assert.Null(files.Url);
        Assert.Equal(("https://docs.example/mcp", "DOCS_TOKEN"), (docs.Url!.ToString(), docs.HeaderEnvironment["Authorization"]));
        Assert.Equal(("/home/bee", TimeSpan.FromSeconds(60)), (docs.Directory, docs.Timeout));
        Assert.Equal(["*"], docs.Allow);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"tools": {}}""")]
    [InlineData("""{"$schema": "docs/hive.schema.json", "brains": []}""")]
    public void A_file_without_tools_has_none(string json) => Assert.Empty(ToolsFile.Parse(json, Path).Servers);

    [Theory]
    [InlineData("""{"tool": {}}""", "tool: 'tool' is not known here; did you mean 'tools'?")]
    [InlineData("""{"tools": []}""", "tools: this is an array; it must be an object")]
    [InlineData("""{"tools": {"a.b": {"command": ["x"]}}}""", "tools.a.b: a server's name has 1 to 32")]
    [InlineData("""{"tools": {"skill": {"command": ["x"]}}}""", "tools.skill: this name is that of Hive's own skills")]
    [InlineData("""{"tools": {"a": {}}}""", "tools.a: this has neither \"command\" nor \"url\"")]
    [InlineData("""{"tools": {"a": {"command": ["x"], "url": "http://h"}}}""", "tools.a: this has both \"command\" and \"url\"")]
    [InlineData("""{"tools": {"a": {"command": []}}}""", "tools.a.command: this has 0 items")]
    [InlineData("""{"tools": {"a": {"command": [""]}}}""", "tools.a.command[0]: this is empty")]
    [InlineData("""{"tools": {"a": {"command": "npx x"}}}""", "tools.a.command: this is the string \"npx x\"; it must be an array")]
    [InlineData("""{"tools": {"a": {"command": ["x\u0000"]}}}""", "tools.a.command[0]: this holds a zero character")]
    [InlineData("""{"tools": {"a": {"comand": ["x"]}}}""", "tools.a.comand: 'comand' is not known here; did you mean 'command'?")]
    [InlineData("""{"tools": {"a": {"command": ["x"], "headerEnv": {}}}}""", "tools.a.headerEnv: this goes with \"url\" only")]
    [InlineData("""{"tools": {"a": {"url": "http://h", "environment": {}}}}""", "tools.a.environment: this goes with \"command\" only")]
    [InlineData("""{"tools": {"a": {"command": ["x"], "environment": {"A-B": "1"}}}}""", "tools.a.environment.A-B: an environment variable's name")]
    [InlineData("""{"tools": {"a": {"command": ["x"], "environment": {"A": 1}}}}""", "tools.a.environment.A: this is the number 1; it must be a string")]
    [InlineData("""{"tools": {"a": {"command": ["x"], "passEnvironment": ["A=1"]}}}""", "tools.a.passEnvironment[0]: an environment variable's name")]
    [InlineData("""{"tools": {"a": {"command": ["x"], "environment": {"A": ""}, "passEnvironment": ["A"]}}}""", "tools.a.passEnvironment: 'A' is also under \"environment\"")]
    [InlineData("""{"tools": {"a": {"url": "ftp://h"}}}""", "tools.a.url: this is no address of a server")]
    [InlineData("""{"tools": {"a": {"url": "/mcp"}}}""", "tools.a.url: this is no address of a server")]
    [InlineData("""{"tools": {"a": {"url": "http://me:secret@h/"}}}""", "tools.a.url: this holds a password")]
    [InlineData("""{"tools": {"a": {"url": "http://h", "headerEnv": {"A B": "T"}}}}""", "tools.a.headerEnv.A B: this is no name of an HTTP header")]
    [InlineData("""{"tools": {"a": {"url": "http://h", "headerEnv": {"mcp-session-id": "T"}}}}""", "tools.a.headerEnv.mcp-session-id: this header is the protocol's own")]
    [InlineData("""{"tools": {"a": {"url": "http://h", "headerEnv": {"Authorization": "Bearer 12"}}}}""", "tools.a.headerEnv.Authorization: an environment variable's name")]
    [InlineData("""{"tools": {"a": {"command": ["x"], "readOnly": ["w x"]}}}""", "tools.a.readOnly[0]: a tool's name has 1 to 128")]
    [InlineData("""{"tools": {"a": {"command": ["x"], "readOnly": ["w"], "sideEffects": ["w"]}}}""", "tools.a.readOnly: 'w' is also under \"sideEffects\"")]
    [InlineData("""{"tools": {"a": {"command": ["x"], "timeoutSeconds": 0}}}""", "tools.a.timeoutSeconds: this is 0; it must be above 0")]
    [InlineData("""{"tools": {"a": {"command": ["\ud800"]}}}""", "this holds text that is no Unicode")]
    [InlineData("""{"tools": {}, "tools": {}}""", "this is not JSON")]
    [InlineData("""{"tools": """, "this is not JSON: there is a mistake near line 1")]
    public void A_mistake_is_told_with_its_place_and_how_to_mend_it(string json, string told)
    {
        var mistake = Assert.Throws<ToolsFileException>(() => ToolsFile.Parse(json, Path)).Message;

        Assert.StartsWith($"{Path}: {told}", mistake);
        Assert.DoesNotContain("secret", mistake);
        Assert.DoesNotContain('\n', mistake);
    }

    [Fact]
    public void All_mistakes_are_told_at_once_up_to_a_bound()
    {
        var two = Assert.Throws<ToolsFileException>(() => ToolsFile.Parse("""{"tools": {"a": {"command": [], "timeoutSeconds": -1}}}""", Path)).Message;
        Assert.Contains("tools.a.command", two);
        Assert.Contains("tools.a.timeoutSeconds", two);
        var many = string.Join(",", Enumerable.Range(0, 12).Select(i => $$"""
            "s{{i}}": {}
            """));
        Assert.EndsWith("and 7 more mistakes", Assert.Throws<ToolsFileException>(() => ToolsFile.Parse($$"""{"tools": { {{many}} } }""", Path)).Message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error_only_if_it_was_named()
    {
        var folder = Hive.Testing.TemporaryDirectory.Create("hive-tools");
        try
        {
            Assert.Empty(ToolsFile.Find(null, folder).Servers);
            Assert.Contains("there is no file", Assert.Throws<ToolsFileException>(() => ToolsFile.Find(System.IO.Path.Combine(folder, "hive.json"), folder)).Message);
            File.WriteAllText(System.IO.Path.Combine(folder, "hive.json"), """{"tools": {"a": {"command": ["x"]}}}""");
            Assert.Equal(folder, Assert.Single(ToolsFile.Find(null, folder).Servers).Directory);
        }
        finally
        {
            Hive.Testing.TemporaryDirectory.Delete(folder);
        }
    }
}
