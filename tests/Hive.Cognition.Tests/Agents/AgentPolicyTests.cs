using Hive.Cognition.Agents;

namespace Hive.Cognition.Tests.Agents;

public sealed class AgentPolicyTests
{
    [Fact]
    public void The_policy_unless_said_otherwise_is_valid_and_allows_no_tool()
    {
        new AgentPolicy().Validate();
        Assert.False(new AgentPolicy().Allows("files.read"));
    }

    [Theory]
    [InlineData("files.read", true)]
    [InlineData("files.write", false)]
    [InlineData("web.fetch", true)]
    [InlineData("web.a.b", true)]
    [InlineData("web.", false)]
    [InlineData("web", false)]
    [InlineData("webs.fetch", false)]
    [InlineData("Files.read", false)]
    public void A_tool_is_allowed_by_name_or_with_its_whole_server(string tool, bool isAllowed) =>
        Assert.Equal(isAllowed, new AgentPolicy { Tools = ["files.read", "web.*"] }.Allows(tool));

    [Fact]
    public void What_is_out_of_range_is_refused_by_name()
    {
        Refused(new() { Tools = ["*"] }, "tools names '*'; it may be 'server.tool' or 'server.*'.");
        Refused(new() { Tools = ["a.b*"] }, "tools names 'a.b*'");
        Refused(new() { Tools = ["*.b"] }, "tools names '*.b'");
        Refused(new() { Tools = ["a."] }, "tools names 'a.'");
        Refused(new() { Tools = default }, "tools must be a list");
        Refused(new() { TemperatureRange = new(1, 0.5) }, "temperatureRange is 1 to 0.5");
        Refused(new() { TemperatureRange = new(0, 2.1) }, "temperatureRange is 0 to 2.1");
        Refused(new() { TemperatureRange = new(double.NaN, 1) }, "temperatureRange is NaN");
        Refused(new() { Stakes = "huge" }, "stakes is 'huge'; it may be low, normal or high.");
        Refused(new() { MaxLessons = 33 }, "maxLessons is 33; it may be 0 to 32.");
        Refused(new() { MaxContext = -1 }, "maxContext is -1");
    }

    private static void Refused(AgentPolicy policy, string message) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(policy.Validate).Message, StringComparison.Ordinal);
}
