using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Hive.Tools;

namespace Hive.Cognition.Tests.Tools;

/// <summary>What a brain may set in motion by asking for a tool.</summary>
public class ToolPolicyTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2000);

    private static readonly ImmutableArray<ToolSpec> Here =
    [
        new("files.read", "", "{}", HasSideEffects: false),
        new("files.write", "", "{}", HasSideEffects: true),
        new("files.mark", "", "{}", HasSideEffects: true) { IsApprovedByPolicy = true },
        new("docs.search", "", "{}", HasSideEffects: false),
        new("docs.deep.search", "", "{}", HasSideEffects: false),
    ];

    private static readonly Gen<string> Names = Gen.OneOf(
        Gen.Elements([.. Here.Select(tool => tool.Name), "files.*", "docs.*", "docs.deep.*", "*", "*.*", "files.", "files", ".read", "FILES.READ", "", "files.**"]),
        ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => text.Get));

    private static readonly Arbitrary<(string Name, ImmutableArray<string> Allowed, string Arguments)> Requests = (
        from name in Names
        from allowed in Names.ListOf()
        from arguments in Gen.Elements("{}", "{\"a\": 1}", "[]", "", "{", "{} {}")
        select (name, allowed.ToImmutableArray(), arguments)).ToArbitrary();

    [Fact]
    public void What_the_goal_does_not_allow_is_refused() => Check.One(Many, Prop.ForAll(Requests, request =>
    {
        var (name, allowed, arguments) = request;
        var isAllowed = allowed.Contains(name) || allowed.Contains(name.Split('.')[0] + ".*");
        return isAllowed || ToolPolicy.Decide(name, arguments, Here, allowed) is ToolDecision.Refuse;
    }));

    [Fact]
    public void What_has_side_effects_never_runs_at_once() => Check.One(Many, Prop.ForAll(Requests, request =>
        ToolPolicy.Decide(request.Name, request.Arguments, Here, request.Allowed) is not ToolDecision.RunNow
        || Here.Single(tool => tool.Name == request.Name) is { HasSideEffects: false }));

    [Fact]
    public void What_is_not_here_or_not_given_one_object_is_refused() => Check.One(Many, Prop.ForAll(Requests, request =>
        ToolPolicy.Decide(request.Name, request.Arguments, Here, request.Allowed) is ToolDecision.Refuse
        || (Here.Any(tool => tool.Name == request.Name) && request.Arguments is "{}" or "{\"a\": 1}")));

    [Fact]
    public void A_refusal_is_one_bounded_line() => Check.One(Many, Prop.ForAll(Requests, request =>
        ToolPolicy.Decide(request.Name, request.Arguments, Here, request.Allowed) is not ToolDecision.Refuse(var reason)
        || (reason.Length is > 0 and < 1000 && !reason.Any(char.IsControl))));

    [Theory]
    [InlineData("files.read", "files.read")]
    [InlineData("files.read", "files.*")]
    [InlineData("docs.deep.search", "docs.*")]
    [InlineData("docs.deep.search", "docs.deep.search")]
    public void What_only_reads_and_is_allowed_runs_at_once(string name, string allowed) =>
        Assert.Equal(new ToolDecision.RunNow(), ToolPolicy.Decide(name, "{}", Here, [allowed]));

    [Theory]
    [InlineData("files.write", false)]
    [InlineData("files.mark", true)]
    public void What_has_side_effects_is_requested_and_the_owners_policy_may_have_approved(string name, bool isApproved) =>
        Assert.Equal(new ToolDecision.Request(isApproved), ToolPolicy.Decide(name, "{}", Here, ["files.*"]));

    [Theory]
    [InlineData("files.raed", "there is no tool 'files.raed'; did you mean 'files.read'?")]
    [InlineData("read", "there is no tool 'read'; did you mean 'files.read'?")]
    [InlineData("docs.read", "there is no tool 'docs.read'; did you mean 'files.read'?")]
    [InlineData("launch", "there is no tool 'launch'; there are 'files.read', 'files.write', 'files.mark'")]
    [InlineData("docs.search", "the goal does not allow 'docs.search'; it allows 'files.*'")]
    public void A_refusal_says_what_could_be_asked_for_instead(string name, string reason) =>
        Assert.Equal(new ToolDecision.Refuse(reason), ToolPolicy.Decide(name, "{}", Here, ["files.*"]));

    [Fact]
    public void A_goal_that_allows_nothing_gets_nothing()
    {
        Assert.Equal(new ToolDecision.Refuse("the goal does not allow 'files.read'; it allows no tools"), ToolPolicy.Decide("files.read", "{}", Here, default));
        Assert.Equal(new ToolDecision.Refuse("there is no tool 'x'; the goal allows none that is here"), ToolPolicy.Decide("x", "{}", Here, []));
        Assert.IsType<ToolDecision.Refuse>(ToolPolicy.Decide(null, ["files.*"]));
    }

    [Fact]
    public void Arguments_are_bounded_in_size_and_depth()
    {
        Assert.Null(ToolArguments.Mistake($$"""{"a": "{{new string('x', ToolArguments.MaxBytes - 9)}}"}"""));
        Assert.Contains("65,536 bytes", ToolArguments.Mistake($$"""{"a": "{{new string('x', ToolArguments.MaxBytes - 8)}}"}"""));
        Assert.Contains("65,536 bytes", ToolArguments.Mistake($$"""{"a": "{{new string('ü', ToolArguments.MaxBytes / 2)}}"}"""));
        Assert.Null(ToolArguments.Mistake(Nested(ToolArguments.MaxDepth)));
        Assert.Contains("not one JSON object", ToolArguments.Mistake(Nested(ToolArguments.MaxDepth + 1)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"a\": 1, \"a\": 2}")]
    [InlineData("{} {}")]
    [InlineData("{a: 1}")]
    [InlineData("{\"a\": [\"\\ud800\"]}")]
    [InlineData("{\"\\udc00\": 1}")]
    public void Arguments_that_can_be_read_in_two_ways_or_none_are_refused(string arguments) =>
        Assert.Contains("not one JSON object", ToolArguments.Mistake(arguments));

    private static string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1);
}
