using FsCheck;
using FsCheck.Fluent;

namespace Hive.Cognition.Tests;

/// <summary>Replies that brains might give: crumbs of the forms that are read, put together at random, so that readers are led deep before they meet what is wrong.</summary>
internal static class Replies
{
    private static readonly string[] Crumbs =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "```json\n", "<think>", "</think>", " ", "\n", "\0", "\uD800", "null", "true", "-1", "0.5", "1e999", "3", "\"\\ud800\"",
        "{\"tasks\":[", "{\"instruction\":\"do\",", "\"id\":\"t1\"", "\"id\":7", "\"context\":\"after t1\"", "\"width\":", "\"tier\":\"edge\"", "\"check\":\"votes\"", "\"dependsOn\":[\"t1\"]",
        "{\"score\":", "\"faults\":[\"x\",", "\"evidence\":\"e\"", "{\"outcome\":\"o\",", "\"sources\":[{\"candidate\":\"a\",", "\"use\":\"used\",", "\"rank\":1,", "\"reason\":\"r\"}",
        "\"contradictions\":[{\"candidates\":[\"a\",\"b\"],", "\"about\":\"x\",", "\"resolution\":\"y\",", "{\"lessons\":[{\"text\":\"x\",\"worth\":", "prose",
    ];

    internal static Arbitrary<string> Arbitrary { get; } =
        Gen.OneOf(Gen.ListOf(Gen.Elements(Crumbs)).Select(string.Concat), ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => text.Get)).ToArbitrary();
}
