using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Hive.Agents;
using Hive.Brains;

namespace Hive.Grains.Tests.Cognition;

/// <summary>Tools' names as the protocol of brains takes them.</summary>
public sealed class WireNamesTests
{
    [Fact]
    public void Any_tool_has_a_name_that_every_server_takes() => Prop.ForAll<NonNull<string>>(tool =>
        WireNames.Of(tool.Get) is { Length: <= 64 } name && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-')).QuickCheckThrowOnFailure();

    [Fact]
    public void A_tool_is_found_again_by_the_name_that_a_brain_was_told()
    {
        ImmutableArray<ToolOffer> tools = [new("everything.echo", "", "{}"), new("docs.read-page", "", "{}")];
        Assert.All(tools, tool => Assert.Equal(tool.Name, WireNames.Read(WireNames.Of(tool.Name), tools)));
        Assert.Equal("everything__echo", WireNames.Of("everything.echo"));
    }

    [Fact]
    public void A_name_that_two_tools_share_on_the_wire_means_neither() =>
        Assert.Equal("a__b", WireNames.Read("a__b", [new("a.b", "", "{}"), new("a__b", "", "{}")]));

    [Fact]
    public void What_nobody_offered_stays_as_it_was_said() => Assert.Equal("delete_everything", WireNames.Read("delete_everything", []));
}
