using FsCheck;
using FsCheck.Fluent;

namespace Hive.Cognition.Tests;

/// <summary>Replies that brains might give: any text, crumbs of the forms that are read, put together at random, and right replies with a crumb in a wrong place, so that readers
/// are led deep before they meet what is wrong.</summary>
internal static class Replies
{
    private static readonly string[] Crumbs =
    [
        "", "{", "}", "[", "]", ",", ":", "\"", "\\", "```json\n", "<think>", "</think>", " ", "\n", "\0", "\uD800", "null", "true", "-1", "0.5", "1e999", "3", "\"\\ud800\"",
        "{\"tasks\":[", "{\"instruction\":\"do\",", "\"id\":\"t1\"", "\"id\":7,", "\"context\":\"after t1\"", "\"width\":", "\"tier\":\"edge\",", "\"check\":\"votes\"", "\"dependsOn\":[\"t1\"],",
        "{\"score\":", "\"faults\":[\"x\",", "\"evidence\":\"e\"", "{\"outcome\":\"o\",", "\"sources\":[{\"candidate\":\"a\",", "\"use\":\"used\",", "\"rank\":1,", "\"reason\":\"r\"}",
        "\"contradictions\":[{\"candidates\":[\"a\",\"b\"],", "\"about\":\"x\",", "\"resolution\":\"y\",", "{\"lessons\":[{\"text\":\"x\",\"worth\":", "prose",
    ];

    private static readonly string[] Right =
    [
        """{"tasks":[{"id":"t1","instruction":"One","context":"C","tier":"edge","width":2,"check":"votes"},{"id":null,"instruction":"Two","context":"","tier":null,"width":null,"check":"none"}]}""",
        """{"evidence":"e","faults":["x","y"],"score":0.5}""",
        """{"sources":[{"candidate":"a","use":"used","rank":1,"reason":"r"},{"candidate":"b","use":"discarded","rank":2,"reason":"s"}],"contradictions":[{"candidates":["a","b"],"about":"x","resolution":"y","reason":"z"}],"outcome":"o"}""",
        """{"lessons":[{"text":"x","worth":0.5},{"text":"y","worth":1}]}""",
    ];

    private static readonly Gen<string> Spoilt =
        from right in Gen.Elements(Right)
        from crumb in Gen.Elements(Crumbs)
        from at in Gen.Choose(0, right.Length)
        from lost in Gen.Choose(0, 6)
        select right[..at] + crumb + right[Math.Min(at + lost, right.Length)..];

    private static readonly Arbitrary<string> All =
        Gen.OneOf(Spoilt, Gen.ListOf(Gen.Elements(Crumbs)).Select(string.Concat), ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => text.Get)).ToArbitrary();

    internal static void AllHold(Func<string, bool> property) => Prop.ForAll(All, property).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
}
