using Hive.Tools.Configuration;

namespace Hive.Tools.Tests;

/// <summary>Tool servers for tests.</summary>
internal static class Bench
{
    private static readonly string Hostile = Path.Combine(AppContext.BaseDirectory, "hostile.mjs");

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The hostile server of these tests, under the name <c>hostile</c>.</summary>
    public static McpTools Host(string mood = "polite", Func<ToolServer, ToolServer>? change = null, TimeProvider? clock = null) => Start(
        new ToolServer { Name = "hostile", Command = ["node", Hostile, mood], Directory = Path.GetTempPath() }, change, clock);

    /// <summary>The reference server, under the name <c>everything</c>.</summary>
    public static async Task<McpTools> EverythingAsync(Func<ToolServer, ToolServer>? change = null) => Start(
        new ToolServer { Name = "everything", Command = ["node", await Hive.Testing.EverythingServer.InstallAsync(Cancellation)], Directory = Path.GetTempPath() }, change);

    public static McpTools Start(ToolServer server, Func<ToolServer, ToolServer>? change = null, TimeProvider? clock = null) =>
        new(new ToolsFile([change?.Invoke(server) ?? server]), clock);

    public static Task<ToolResult> CallAsync(this McpTools tools, string name, string arguments = "{}") => tools.CallAsync(name, arguments, Cancellation);

    public static async Task<ToolServerReport> LookAsync(this McpTools tools) => Assert.Single(await tools.LookAsync(Cancellation));
}
