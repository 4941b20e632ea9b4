using FsCheck;
using FsCheck.Fluent;
using Hive.Brains.Configuration;

namespace Hive.Brains.Tests.Configuration;

/// <summary>A hive.json is read whole or refused with every mistake and its path.</summary>
public sealed class BrainsFileTests
{
    private static readonly string Folder = Path.GetTempPath();

    [Fact]
    public void A_file_says_all_there_is_to_say_of_a_brain()
    {
        const string Json = """
            {
              "$schema": "docs/hive.schema.json",
              "brains": [
                { "name": "big", "endpoint": "https://api.openai.com", "model": "gpt-x", "apiKeyEnv": "OPENAI_API_KEY", "maxConcurrency": 8, "contextTokens": 128000,
                  "pricePerMillionIn": 2.5, "pricePerMillionOut": 10, "timeoutSeconds": 90, "stallSeconds": 5, "stream": true },
                { "name": "own", "endpoint": "http://127.0.0.1:9000/v1/", "model": "qwen3-4b", "tier": "edge",
                  "start": { "command": ["llama-server", "-m", "model.gguf"], "idleSeconds": 30, "readySeconds": 10, "environment": ["CUDA_VISIBLE_DEVICES"] } }
              ],
              "discover": false, "tiers": { "qwen3:4b": "edge" }, "tools": [{ "anything": 1 }], "prompts": "prompts"
            }
            """;
        var file = BrainsFile.Parse(Json, Folder);
        Assert.Equal(
            new BrainSpec { Name = "big", Model = "gpt-x", Tier = "core", MaxConcurrency = 8, ContextTokens = 128_000, PricePerMillionIn = 2.5m, PricePerMillionOut = 10m },
            file.Brains[0].Spec);
        Assert.Equal(("https://api.openai.com/v1/", "OPENAI_API_KEY", "max_completion_tokens", true), (file.Brains[0].Endpoint.ToString(), file.Brains[0].KeyVariable, file.Brains[0].MaxTokensMember, file.Brains[0].IsStreamed));
        Assert.Equal((TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(5)), (file.Brains[0].Timeout, file.Brains[0].StallTimeout));
        var own = file.Brains[1];
        Assert.Equal(("edge", "http://127.0.0.1:9000/v1/", "max_tokens"), (own.Spec.Tier, own.Endpoint.ToString(), own.MaxTokensMember));
        Assert.Equal(["llama-server", "-m", "model.gguf"], own.Start!.Command);
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10)), (own.Start.Idle, own.Start.Ready));
        Assert.Equal(["CUDA_VISIBLE_DEVICES"], own.Start.Environment);
        Assert.False(file.Discover);
        Assert.Equal("edge", file.Tiers["qwen3:4b"]);
        Assert.Equal(Path.Combine(Folder, "prompts"), file.Prompts);
    }

    [Theory]
    [InlineData("http://localhost:11434", "http://localhost:11434/v1/")]
    [InlineData("http://localhost:11434/", "http://localhost:11434/v1/")]
    [InlineData("http://localhost:11434/v1", "http://localhost:11434/v1/")]
    [InlineData("https://openrouter.ai/api/v1/", "https://openrouter.ai/api/v1/")]
    [InlineData("https://generativelanguage.googleapis.com/v1beta/openai", "https://generativelanguage.googleapis.com/v1beta/openai/")]
    [InlineData("http://host/behind/a/proxy", "http://host/behind/a/proxy/v1/")]
    public void An_endpoint_is_taken_with_and_without_its_version(string written, string meant) => Assert.Equal(meant, Single($"\"endpoint\": \"{written}\"").Endpoint.ToString());

    [Theory]
    [InlineData("\"model\": \"llama-3.2-3b\"", "edge")]
    [InlineData("\"model\": \"llama-3.1-8b\"", "worker")]
    [InlineData("\"model\": \"llama-3.3-70b\"", "core")]
    [InlineData("\"model\": \"llama-3.2-3b\", \"pricePerMillionOut\": 0.1", "core")]
    [InlineData("\"model\": \"mystery\"", "worker")]
    public void A_brain_without_a_tier_gets_it_by_its_price_and_size(string members, string tier) =>
        Assert.Equal(tier, Single($"\"endpoint\": \"http://127.0.0.1\", {members}", model: "").Spec.Tier);

    [Theory]
    [InlineData("""{"brians": []}""", "brians: 'brians' is not known here; did you mean 'brains'?")]
    [InlineData("""{"brains": [{"name": "b", "model": "m", "endpoint": "http://h", "maxConcurency": 3}]}""", "brains[0].maxConcurency: 'maxConcurency' is not known here; did you mean 'maxConcurrency'?")]
    [InlineData("""{"brains": [{"name": "b", "model": "m"}]}""", "brains[0].endpoint: this is missing")]
    [InlineData("""{"brains": [{"name": "b", "model": "m", "endpoint": "ftp://h"}]}""", "brains[0].endpoint: this is no address")]
    [InlineData("""{"brains": [{"name": "b", "model": "m", "endpoint": "http://h", "tier": "huge"}]}""", "brains[0].tier: this is the string \"huge\"; write \"edge\", \"worker\" or \"core\"")]
    [InlineData("""{"brains": [{"name": "b", "model": "m", "endpoint": "http://h", "maxConcurrency": 0}]}""", "brains[0].maxConcurrency: this is 0; it must be from 1 to 10000")]
    [InlineData("""{"brains": [{"name": "b", "model": "m", "endpoint": "http://h"}, {"name": "b", "model": "m", "endpoint": "http://h"}]}""", "brains[1]: the name 'b' is taken")]
    [InlineData("""{"brains": [{"name": "b", "model": "m", "endpoint": "http://h", "start": {"command": ["x"]}}]}""", "brains[0].start: a server can be started on this machine alone")]
    [InlineData("""{"tiers": {"m": "huge"}, "discover": 1}""", "discover: this is the number 1; write true or false")]
    [InlineData("""{"discover": true, "discover": false}""", "this is not JSON")]
    [InlineData("""{"prompts": "\ud800"}""", "no Unicode")]
    [InlineData("[]", "$: this is an array; it must be an object")]
    [InlineData("", "this is not JSON")]
    public void A_mistake_is_told_with_its_path_and_how_to_mend_it(string json, string message) =>
        Assert.Contains(message, Assert.Throws<BrainsFileException>(() => BrainsFile.Parse(json, Folder)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"apiKeyEnv\": \"sk-secret-of-mine\"")]
    [InlineData("\"apiKey\": \"sk-secret-of-mine\"")]
    [InlineData("\"endpoint\": \"http://user:sk-secret-of-mine@h\"")]
    [InlineData("\"endpoint\": \"http://h?key=sk-secret-of-mine\"")]
    [InlineData("\"apiKeyEnv\": sk-secret-of-mine")]
    public void A_key_that_stands_in_the_file_is_refused_and_not_repeated(string member)
    {
        var e = Assert.Throws<BrainsFileException>(() => BrainsFile.Parse($$"""{"brains": [{"name": "b", "model": "m", {{member}}}]}""", Folder));
        Assert.DoesNotContain("secret", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_many_mistakes_tells_some_and_how_many_there_are()
    {
        var e = Assert.Throws<BrainsFileException>(() => BrainsFile.Parse($"{{\"brains\": [{string.Join(",", Enumerable.Repeat("1", 500))}]}}", Folder));
        Assert.Contains("and 480 more mistakes", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_named_or_found_in_its_folder_or_absent()
    {
        var folder = TemporaryDirectory.Create("hive-brains-file");
        try
        {
            Assert.Same(BrainsFile.Empty, BrainsFile.Find(null, folder));
            File.WriteAllText(Path.Combine(folder, "hive.json"), "\uFEFF{\"discover\": false}");
            Assert.False(BrainsFile.Find(null, folder).Discover);
            Assert.Contains("there is no file", Assert.Throws<BrainsFileException>(() => BrainsFile.Find(Path.Combine(folder, "no.json"), folder)).Message, StringComparison.Ordinal);
            var wrong = Path.Combine(folder, "wrong.json");
            File.WriteAllText(wrong, "{");
            Assert.StartsWith($"{wrong}: this is not JSON", Assert.Throws<BrainsFileException>(() => BrainsFile.Load(wrong)).Message, StringComparison.Ordinal);
            File.WriteAllText(wrong, new string(' ', BrainsFile.MaxBytes + 1));
            Assert.Contains("bytes", Assert.Throws<BrainsFileException>(() => BrainsFile.Load(wrong)).Message, StringComparison.Ordinal);
            Assert.Throws<BrainsFileException>(() => BrainsFile.Load(folder));
        }
        finally
        {
            TemporaryDirectory.Delete(folder);
        }
    }

    [Fact]
    public void Whatever_JSON_stands_there_is_read_or_refused_in_one_line() => Prop.ForAll(BrainsFiles.Arbitrary, json =>
    {
        try
        {
            return BrainsFile.Parse(json, Folder) is not null;
        }
        catch (BrainsFileException e)
        {
            return e.Message.Length > 0 && !e.Message.Contains('\n', StringComparison.Ordinal);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    private static BrainEntry Single(string members, string model = "\"model\": \"m\",") =>
        Assert.Single(BrainsFile.Parse($$"""{"brains": [{"name": "b", {{model}} {{members}}}]}""", Folder).Brains);
}
