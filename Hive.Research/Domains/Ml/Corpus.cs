using System.Security.Cryptography;
using Hive.Research.Text;

namespace Hive.Research.Ml;

/// <summary>
/// Text as characters of a bounded vocabulary, in three parts that share no document: some 80 % to train on, 10 % to validate, 10 % held back to test. A
/// hash decides where a document goes; members of one type go together, since their texts resemble one another.
/// </summary>
internal sealed class Corpus
{
    /// <summary>The characters told apart: the most frequent ones of the training text, and one for all others.</summary>
    public const int VocabularySize = 64;

    /// <summary>How many characters in a row are measured.</summary>
    public const int StretchLength = 96;

    /// <summary>How many stretches of a part are measured, evenly spread.</summary>
    public const int Stretches = 21;

    /// <summary>The most characters that a model looks back.</summary>
    public const int MaxContext = 32;

    private const int LeastPart = Stretches * (StretchLength + MaxContext);
    private const byte Other = VocabularySize - 1;

    private Corpus(byte[] training, byte[] validation, byte[] test) => (Training, Validation, Test) = (training, validation, test);

    /// <summary>The characters to train on.</summary>
    public byte[] Training { get; }

    private byte[] Validation { get; }

    private byte[] Test { get; }

    /// <summary>Divides documents and encodes them.</summary>
    /// <param name="documents">The documents; their order matters.</param>
    /// <exception cref="FormatException">The text is too short.</exception>
    public static Corpus From(IReadOnlyList<TextDocument> documents)
    {
        var parts = documents.ToLookup(document => PartOf(Group(document.Name)), document => document.Text);
        var training = string.Join('\n', parts[0]);
        var vocabulary = VocabularyOf(training);
        var corpus = new Corpus(Encode(training, vocabulary), Encode(string.Join('\n', parts[1]), vocabulary), Encode(string.Join('\n', parts[2]), vocabulary));
        var least = Math.Min(Math.Min(corpus.Validation.Length, corpus.Test.Length), corpus.Training.Length);
        return least >= LeastPart
            ? corpus
            : throw new FormatException(
                $"the text is too short: its smallest part has {least:N0} characters and {LeastPart:N0} are needed; "
                + $"give some {20 * LeastPart:N0} characters or more, in paragraphs divided by blank lines");
    }

    /// <summary>The text of a part that is measured.</summary>
    /// <param name="part">Which part.</param>
    public byte[] Of(DataPart part) => part == DataPart.Validation ? Validation : Test;

    /// <summary>Where a measured stretch begins; at least <see cref="MaxContext"/> characters are before it.</summary>
    /// <param name="part">The text of the part.</param>
    /// <param name="index">Which of the <see cref="Stretches"/>.</param>
    public static int StretchStart(byte[] part, int index) => MaxContext + (int)((long)index * (part.Length - MaxContext - StretchLength) / (Stretches - 1));

    /// <summary>Adds the encoded text to a hash.</summary>
    /// <param name="hash">Receives it.</param>
    public void AppendTo(IncrementalHash hash)
    {
        foreach (var part in (byte[][])[Training, Validation, Test])
        {
            hash.AppendData(BitConverter.GetBytes(part.Length));
            hash.AppendData(part);
        }
    }

    private static int PartOf(ReadOnlySpan<char> group) => (StableHash.Of(group) % 10) switch
    {
        8 => 1,
        9 => 2,
        _ => 0,
    };

    /// <summary>The declaring type of a member's name such as <c>M:System.String.Trim(System.Char)</c>, or the name itself.</summary>
    private static ReadOnlySpan<char> Group(string name)
    {
        if (name.Length < 2 || name[1] != ':') return name;
        var member = name.AsSpan(2);
        var parameters = member.IndexOf('(');
        if (parameters >= 0) member = member[..parameters];
        return name[0] == 'T' || !member.Contains('.') ? member : member[..member.LastIndexOf('.')];
    }

    private static Dictionary<char, byte> VocabularyOf(string text) => text
        .CountBy(letter => letter)
        .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key)
        .Take(VocabularySize - 1)
        .Select((pair, index) => (pair.Key, index))
        .ToDictionary(pair => pair.Key, pair => (byte)pair.index);

    private static byte[] Encode(string text, Dictionary<char, byte> vocabulary)
    {
        var encoded = new byte[text.Length];
        for (var i = 0; i < text.Length; i++) encoded[i] = vocabulary.GetValueOrDefault(text[i], Other);
        return encoded;
    }
}
