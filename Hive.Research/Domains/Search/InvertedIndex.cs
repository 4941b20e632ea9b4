using System.Runtime.InteropServices;
using Hive.Research.Text;

namespace Hive.Research.Search;

/// <summary>How often a term stands in the fields of a document; each count is cut at 255.</summary>
internal readonly record struct Posting(int Document, byte Title, byte Summary, byte Details);

/// <summary>
/// An inverted index with fields, and beside it each document's terms in their order. It never changes once built, so any number of experiments read it at once.
/// </summary>
internal sealed class InvertedIndex
{
    /// <summary>The most words of a document's details that are indexed.</summary>
    private const int MaxDetails = 120;

    private readonly Dictionary<string, int> _terms = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly int[] _tokenStarts;
    private readonly int[] _tokens;
    private readonly int[] _postingStarts;
    private readonly Posting[] _postings;
    private readonly int[] _frequencies;
    private readonly Stemming _stemming;

    /// <summary>Indexes documents.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="split">Whether identifiers fall into their parts.</param>
    /// <param name="stemming">What becomes of endings.</param>
    public InvertedIndex(IReadOnlyList<TextDocument> documents, bool split, Stemming stemming)
    {
        _stemming = stemming;
        TitleLengths = new int[documents.Count];
        SummaryLengths = new int[documents.Count];
        _tokenStarts = new int[documents.Count + 1];
        var tokens = new List<int>();
        for (var i = 0; i < documents.Count; i++)
        {
            TitleLengths[i] = Add(tokens, Words.Of(Words.Title(documents[i]), split));
            SummaryLengths[i] = Add(tokens, Words.Of(documents[i].Summary, split));
            _ = Add(tokens, Words.Of(documents[i].Details, split).Take(MaxDetails));
            _tokenStarts[i + 1] = tokens.Count;
        }

        _tokens = [.. tokens];
        _frequencies = new int[_names.Count];
        foreach (var token in _tokens) _frequencies[token]++;
        (_postingStarts, _postings) = Invert();
    }

    /// <summary>How many documents there are.</summary>
    public int Count => TitleLengths.Length;

    /// <summary>How many terms all documents have, repeated ones included.</summary>
    public int TokenCount => _tokens.Length;

    /// <summary>How many different terms there are.</summary>
    public int TermCount => _names.Count;

    /// <summary>How many terms each title has.</summary>
    public int[] TitleLengths { get; }

    /// <summary>How many terms each summary has.</summary>
    public int[] SummaryLengths { get; }

    /// <summary>The term that a word is here; −1 where no document has it.</summary>
    /// <param name="word">In lower case.</param>
    public int TermOf(string word) => _terms.GetValueOrDefault(Stemmer.Stem(word, _stemming), -1);

    /// <summary>A term's text.</summary>
    /// <param name="term">The term.</param>
    public string NameOf(int term) => _names[term];

    /// <summary>How often a term stands in all documents.</summary>
    /// <param name="term">The term.</param>
    public int FrequencyOf(int term) => _frequencies[term];

    /// <summary>Where a term stands, by document.</summary>
    /// <param name="term">The term.</param>
    public ReadOnlySpan<Posting> PostingsOf(int term) => _postings.AsSpan(_postingStarts[term].._postingStarts[term + 1]);

    /// <summary>A document's terms in their order: title, summary, details.</summary>
    /// <param name="document">The document.</param>
    public ReadOnlySpan<int> TokensOf(int document) => _tokens.AsSpan(_tokenStarts[document].._tokenStarts[document + 1]);

    private int Add(List<int> tokens, IEnumerable<string> words)
    {
        var before = tokens.Count;
        foreach (var word in words)
        {
            ref var term = ref CollectionsMarshal.GetValueRefOrAddDefault(_terms, Stemmer.Stem(word, _stemming), out var isKnown);
            if (!isKnown)
            {
                term = _names.Count;
                _names.Add(Stemmer.Stem(word, _stemming));
            }

            tokens.Add(term);
        }

        return tokens.Count - before;
    }

    private (int[] Starts, Posting[] Postings) Invert()
    {
        var last = new int[_names.Count];
        Array.Fill(last, -1);
        var starts = new int[_names.Count + 1];
        ForEachToken((document, _, term) =>
        {
            if (last[term] != document) starts[term + 1]++;
            last[term] = document;
        });
        for (var term = 0; term < _names.Count; term++) starts[term + 1] += starts[term];
        var postings = new Posting[starts[^1]];
        var ends = starts[..^1];
        Array.Fill(last, -1);
        ForEachToken((document, place, term) =>
        {
            if (last[term] != document) postings[ends[term]++] = new Posting(document, 0, 0, 0);
            last[term] = document;
            ref var posting = ref postings[ends[term] - 1];
            posting = place < TitleLengths[document] ? posting with { Title = OneMore(posting.Title) }
                : place < TitleLengths[document] + SummaryLengths[document] ? posting with { Summary = OneMore(posting.Summary) }
                : posting with { Details = OneMore(posting.Details) };
        });
        return (starts, postings);
    }

    private void ForEachToken(Action<int, int, int> visit)
    {
        for (var document = 0; document < Count; document++)
        {
            var tokens = TokensOf(document);
            for (var place = 0; place < tokens.Length; place++) visit(document, place, tokens[place]);
        }
    }

    private static byte OneMore(byte count) => (byte)Math.Min(byte.MaxValue, count + 1);
}
