using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Hive.Brains.Discovery;

namespace Hive.Brains.Tests.Discovery;

/// <summary>Models are sorted into tiers by the size that their names tell.</summary>
public sealed class ModelSizeProperties
{
    [Theory]
    [InlineData("qwen3:4b", 4)]
    [InlineData("qwen3:0.6b", 0.6)]
    [InlineData("gemma3:270m", 0.27)]
    [InlineData("llama-3.1-8B-instruct", 8)]
    [InlineData("Meta-Llama-3.1-70B-Instruct-Q4_K_M.gguf", 70)]
    [InlineData("mixtral-8x7b", 56)]
    [InlineData("mixtral:8x22b-instruct", 176)]
    [InlineData("qwen3:30b-a3b", 30)]
    [InlineData("gemma3n:e4b", 4)]
    [InlineData("kimi-k2-1t", 1000)]
    [InlineData("phi3:3.8b", 3.8)]
    [InlineData("8.0B", 8)]
    [InlineData("137M", 0.137)]
    public void A_name_tells_the_size(string name, double billions) => Assert.Equal(billions, ModelSizes.OfName(name)!.Value, 9);

    [Theory]
    [InlineData("")]
    [InlineData("gpt-4o")]
    [InlineData("llama3.2")]
    [InlineData("q4_k_m")]
    [InlineData("model-4bit")]
    [InlineData("3bears")]
    [InlineData("claude-sonnet-4.5")]
    public void A_name_without_a_size_tells_none(string name) => Assert.Null(ModelSizes.OfName(name));

    [Fact]
    public void Any_size_between_any_words_is_read_and_sorted() => Prop.ForAll(
        Gen.Choose(1, 9_999).ToArbitrary(), Gen.Elements("b", "B").ToArbitrary(), Gen.Elements("{0}", "model-{0}", "model:{0}-instruct", "org/model_{0}.gguf").ToArbitrary(), (tenths, unit, form) =>
        {
            var billions = tenths / 10.0;
            var name = string.Format(CultureInfo.InvariantCulture, form, billions.ToString(CultureInfo.InvariantCulture) + unit);
            var tier = tenths <= 30 ? "edge" : tenths <= 140 ? "worker" : "core";
            return Math.Abs(ModelSizes.OfName(name)!.Value - billions) < 1e-9 && ModelTiers.Of(ModelSizes.OfName(name)) == tier;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_larger_model_is_never_of_a_lower_tier() => Prop.ForAll<NormalFloat, NormalFloat>((a, b) =>
    {
        string[] order = [ModelTiers.Edge, ModelTiers.Worker, ModelTiers.Core];
        var (small, large) = (Math.Min(a.Get, b.Get), Math.Max(a.Get, b.Get));
        return Array.IndexOf(order, ModelTiers.Of(small)) <= Array.IndexOf(order, ModelTiers.Of(large));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_name_is_a_trap() => Prop.ForAll<string>(name => ModelSizes.OfName(name ?? "") is null or >= 0).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("nomic-embed-text:latest", true)]
    [InlineData("text-embedding-3-small", true)]
    [InlineData("all-minilm:l6-v2", true)]
    [InlineData("bge-m3", true)]
    [InlineData("nomic-bert", true)]
    [InlineData("qwen3:4b", false)]
    [InlineData("llama3", false)]
    public void Models_that_make_vectors_are_told_by_their_names(string name, bool isEmbedding) => Assert.Equal(isEmbedding, ModelSizes.IsEmbedding(name));
}
