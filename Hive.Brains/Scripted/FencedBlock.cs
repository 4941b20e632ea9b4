namespace Hive.Brains.Scripted;

/// <summary>Data in a prompt between a line <c>&lt;&lt;&lt;LABEL TAG</c> and a line <c>LABEL TAG&gt;&gt;&gt;</c>.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Text">The data.</param>
internal sealed record FencedBlock(string Label, string Text)
{
    private const string Opening = "<<<";
    private const string Closing = ">>>";
    private const string Candidate = "candidate";
    private const int Most = 10_000;

    private static readonly string[] Background = ["objective", "context", "instruction", "task", "lessons", "state", "repository", "faults", "reply"];

    /// <summary>Whether the label says that this is an answer to be judged.</summary>
    public bool IsCandidate => Label.StartsWith(Candidate, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the label says that this is what an answer goes by, and no answer.</summary>
    public bool IsBackground => Background.Contains(Label, StringComparer.OrdinalIgnoreCase);

    /// <summary>The candidate's own id: <c>c1</c> of a label like <c>c1</c> or <c>candidate-c1</c>.</summary>
    public string CandidateId => IsCandidate && Label[Candidate.Length..].TrimStart('-', '_', '.') is { Length: > 0 } id ? id : Label;

    /// <summary>The blocks of a prompt in their order, those inside another one left out, and the prompt without them. A block that nothing closes goes to the end.</summary>
    public static (List<FencedBlock> Blocks, string Outside) Split(string prompt)
    {
        var blocks = new List<FencedBlock>();
        if (!prompt.Contains(Opening, StringComparison.Ordinal))
        {
            return (blocks, prompt);
        }

        var lines = prompt.Split('\n');
        var outside = new List<string>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith(Opening, StringComparison.Ordinal) || lines[i].AsSpan(Opening.Length).Trim() is not { IsEmpty: false } head || blocks.Count == Most)
            {
                outside.Add(lines[i]);
                continue;
            }

            var header = head.ToString();
            var closing = header + Closing;
            var last = Array.FindIndex(lines, i + 1, line => line.AsSpan().TrimEnd().SequenceEqual(closing));
            var end = last < 0 ? lines.Length : last;
            blocks.Add(new FencedBlock(header.Split(' ')[0], string.Join('\n', lines[(i + 1)..end])));
            i = end;
        }

        return (blocks, string.Join('\n', outside));
    }
}
