using FsCheck;
using FsCheck.Fluent;
using Hive.Randomness;
using Hive.Research.Search;
using Hive.Research.Text;

namespace Hive.Research.Tests.Domains.Search;

public sealed class RankingTests
{
    private static readonly TextDocument[] Documents =
    [
        new("M:Shop.Cart.AddItem(System.String)", "Adds an item to the cart", "name: what is added"),
        new("M:Shop.Cart.Clear", "Removes every item from the cart", ""),
        new("T:Shop.Receipt", "A receipt of what was paid", "total: the sum paid"),
        new("M:Shop.XmlReader2.Reading", "Reads receipts and reads receipts", ""),
    ];

    [Theory]
    [InlineData("System.IO.XMLReader2", false, "system io xmlreader2")]
    [InlineData("System.IO.XMLReader2", true, "system io xml reader 2")]
    [InlineData("camelCase and UTF8Text!", true, "camel case and utf 8 text")]
    [InlineData("", true, "")]
    public void Text_falls_into_words(string text, bool split, string words) => Assert.Equal(words, string.Join(' ', Words.Of(text, split)));

    [Fact]
    public void Any_text_falls_into_words_of_letters_and_digits() => Prop.ForAll<string>(text =>
        Words.Of(text ?? "", split: true).All(word => word.Length > 0 && word.All(char.IsLetterOrDigit))
        && string.Concat(Words.Of(text ?? "", split: true)) == string.Concat(Words.Of(text ?? "", split: false))).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("queries", "Plural", "query")]
    [InlineData("classes", "Plural", "classe")]
    [InlineData("status", "Plural", "status")]
    [InlineData("class", "Plural", "class")]
    [InlineData("reading", "Suffixes", "read")]
    [InlineData("stopped", "Suffixes", "stop")]
    [InlineData("sing", "Suffixes", "sing")]
    [InlineData("reading", "None", "reading")]
    public void Words_lose_their_endings(string word, string stemming, string stem) => Assert.Equal(stem, Stemmer.Stem(word, Enum.Parse<Stemming>(stemming)));

    [Fact]
    public void A_score_is_what_the_formula_of_BM25_gives()
    {
        var index = new InvertedIndex(Documents, split: true, Stemming.None);
        var term = index.TermOf("item");
        Assert.Equal([new Posting(0, 1, 1, 0), new Posting(1, 0, 1, 0)], index.PostingsOf(term).ToArray());
        Assert.Equal(3, index.FrequencyOf(term));

        // By hand: two of four documents have it, so the smooth idf is log 2; lengths are counted in words.
        double[] lengths = [.. Enumerable.Range(0, 4).Select(document => (double)index.TokensOf(document).Length)];
        double Score(int document, double frequency) =>
            Math.Log(2) * frequency * 2.2 / (frequency + (1.2 * (0.25 + (0.75 * lengths[document] / lengths.Average()))));
        var impacts = new double[2];
        new Ranker(index, Plain).FillFrequencies(term, impacts);
        Assert.Equal(Score(0, 2), impacts[0], 1e-12);
        Assert.Equal(Score(1, 1), impacts[1], 1e-12);
    }

    [Theory]
    [InlineData("receipts", "None", "Ignore", new[] { 3 })]
    [InlineData("receipts", "Plural", "Ignore", new[] { 3, 2 })]
    [InlineData("reciept", "None", "Ignore", new int[0])]
    [InlineData("reciept", "None", "Edit", new[] { 2 })]
    [InlineData("receiptless", "None", "Prefix", new[] { 3, 2 })]
    public void What_is_found_follows_the_techniques(string word, string stemming, string misspelling, int[] found)
    {
        var options = Plain with { Stemming = Enum.Parse<Stemming>(stemming), Misspelling = Enum.Parse<Misspelling>(misspelling) };
        var index = new InvertedIndex(Documents, split: true, options.Stemming);
        var query = PreparedQuery.Of(new KnownItemQuery([word], 0, []), index);
        Assert.Equal(found, new Ranker(index, options).Rank(query));
    }

    [Fact]
    public void Feedback_brings_in_what_the_best_documents_speak_of()
    {
        var index = new InvertedIndex(Documents, split: true, Stemming.None);
        var query = PreparedQuery.Of(new KnownItemQuery(["total"], 2, []), index);
        Assert.Equal([2], new Ranker(index, Plain).Rank(query));
        Assert.True(new Ranker(index, Plain with { FeedbackDocuments = 1, FeedbackTerms = 9, FeedbackWeight = 0.5 }).Rank(query) is [2, _, ..]);
    }

    [Fact]
    public void Terms_in_the_order_of_the_query_raise_a_document()
    {
        TextDocument[] twins = [new("A", "green house on the red hill", ""), new("B", "red house on the green hill", "")];
        var index = new InvertedIndex(twins, split: true, Stemming.None);
        var query = PreparedQuery.Of(new KnownItemQuery(["red", "house"], 1, []), index);
        Assert.Equal([0, 1], new Ranker(index, Plain).Rank(query));
        Assert.Equal([1, 0], new Ranker(index, Plain with { ProximityWeight = 1, ProximityWindow = 2 }).Rank(query));
    }

    [Theory]
    [InlineData("word", "word", false)]
    [InlineData("word", "wrod", true)]
    [InlineData("word", "ward", true)]
    [InlineData("word", "words", true)]
    [InlineData("word", "ord", true)]
    [InlineData("word", "worded", false)]
    [InlineData("word", "drow", false)]
    public void One_slip_of_the_finger_is_told_from_two(string one, string other, bool isOne)
    {
        Assert.Equal(isOne, PreparedQuery.IsOneEditAway(one, other));
        Assert.Equal(isOne, PreparedQuery.IsOneEditAway(other, one));
    }

    [Fact]
    public void NDCG_has_its_known_values()
    {
        var alone = new KnownItemQuery([], 5, []);
        Assert.Equal(1, Ndcg.Of([5, 1, 2], alone));
        Assert.Equal(0.5, Ndcg.Of([1, 2, 5], alone), 1e-12);
        Assert.Equal(0, Ndcg.Of([1, 2], alone));
        var withSibling = new KnownItemQuery([], 5, [6]);
        Assert.Equal(1, Ndcg.Of([5, 6], withSibling), 1e-12);
        Assert.Equal((1 + (3 / Math.Log2(3))) / (3 + (1 / Math.Log2(3))), Ndcg.Of([6, 5], withSibling), 1e-12);
    }

    [Fact]
    public void The_best_of_many_are_those_that_sorting_puts_first() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        Scored[] all = [.. Enumerable.Range(0, 200).Select(item => new Scored(item, random.NextInt(50)))];
        var top = new TopList(1 + random.NextInt(40));
        foreach (var entry in all) top.Offer(entry.Item, entry.Score);
        top.Sort();
        return top.Entries.SequenceEqual(all.OrderByDescending(entry => entry.Score).ThenBy(entry => entry.Item).Take(top.Count).ToArray());
    }).QuickCheckThrowOnFailure();

    private static RankingOptions Plain { get; } = RankingOptions.Of(RankingOptions.Baseline) with { Split = true, Rarity = Rarity.Smooth };
}
