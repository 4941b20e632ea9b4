using FsCheck;
using FsCheck.Fluent;

namespace Hive.Brains.Tests.Configuration;

/// <summary>Files that are right, nearly right, and nonsense: the members that there are, with values that fit and others.</summary>
internal static class BrainsFiles
{
    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "1", "-1", "0.5", "300", "8192", "1e400", "99999999999999999999", "\"\"", "\" \"", "\"edge\"", "\"core\"", "\"b\"", "\"a b\"", "\"qwen3:4b\"",
        "\"http://127.0.0.1:8080/v1\"", "\"https://example.org\"", "\"http://\"", "\"HIVE_KEY\"", "\"max_tokens\"", "\"\\u0000\"", "\"\\ud800\"", "[]", "[1]", "[\"sh\"]", "{}", "{\"m\":\"edge\"}",
        "{\"command\":[\"sh\"]}", "{\"command\":[\"sh\"],\"idleSeconds\":1,\"environment\":[\"A\"]}",
    ];

    private static readonly (string Name, string[] Fitting)[] Members =
    [
        ("name", ["\"a\"", "\"b\"", "\"c:1.x-y_z\""]),
        ("endpoint", ["\"http://127.0.0.1:8080/v1\"", "\"http://localhost\"", "\"https://example.org/api\""]),
        ("model", ["\"qwen3:4b\"", "\"m\""]),
        ("tier", ["\"edge\"", "\"worker\"", "\"core\""]),
        ("apiKeyEnv", ["\"HIVE_KEY\""]),
        ("maxConcurrency", ["1", "64"]),
        ("contextTokens", ["256", "32768"]),
        ("pricePerMillionIn", ["0", "0.15"]),
        ("timeoutSeconds", ["0.5", "86400"]),
        ("stream", ["true", "false"]),
        ("maxTokensMember", ["\"max_tokens\""]),
        ("start", ["{\"command\":[\"sh\"]}"]),
        ("nonsense", ["1"]),
    ];

    public static Arbitrary<string> Arbitrary => Gen.OneOf(
        Brain.ArrayOf().Select(brains => $"{{\"brains\":[{string.Join(",", brains)}]}}"),
        Gen.Elements("brains", "discover", "tiers", "tools", "prompts", "$schema", "other").SelectMany(member => Gen.Elements(Values).Select(value => $"{{\"{member}\":{value}}}")),
        ArbMap.Default.GeneratorFor<string?>().Select(text => text ?? "")).ToArbitrary();

    private static Gen<string> Brain => Gen.Choose(0, 99).ArrayOf(Members.Length).SelectMany(picks => Gen.Choose(0, 1_000).ArrayOf(Members.Length).Select(choices =>
        "{" + string.Join(",", Members.Select((member, i) => (member, i)).Where(each => picks[each.i] < (each.i < 3 ? 98 : 30) && (each.member.Name != "nonsense" || picks[each.i] < 2)).Select(each =>
        {
            var values = choices[each.i] < 970 ? each.member.Fitting : Values;
            return $"\"{each.member.Name}\":{values[choices[each.i] % values.Length]}";
        })) + "}"));
}
