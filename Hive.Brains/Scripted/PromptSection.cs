namespace Hive.Brains.Scripted;

/// <summary>Sections of a prompt: what stands under a heading like <c># Task</c>, up to the next heading of that level.</summary>
internal static class PromptSection
{
    private const string Mark = "# ";

    private static readonly string[] ObjectiveHeadings = ["Objective", "What is to be built", "What is built as a whole"];
    private static readonly string[] QuestionHeadings = ["Task", "Question", "Your part", "What the change was asked to do", "Instruction"];

    /// <summary>What a goal is after; null where no heading tells.</summary>
    public static string? Objective(string prompt) => Find(prompt, ObjectiveHeadings);

    /// <summary>What is to be done or answered; the whole prompt where no heading tells.</summary>
    public static string Question(string prompt) => Find(prompt, QuestionHeadings) ?? prompt;

    private static string? Find(string prompt, string[] headings)
    {
        if (!prompt.Contains(Mark, StringComparison.Ordinal))
        {
            return null;
        }

        foreach (var heading in headings)
        {
            var begin = StartOf(prompt, heading);
            if (begin >= 0)
            {
                var end = prompt.IndexOf("\n" + Mark, begin, StringComparison.Ordinal);
                return prompt[begin..(end < 0 ? prompt.Length : end)].Trim();
            }
        }

        return null;
    }

    /// <summary>Where the text below a heading begins, or −1.</summary>
    private static int StartOf(string prompt, string heading)
    {
        for (var at = prompt.IndexOf(heading, StringComparison.Ordinal); at >= 0; at = prompt.IndexOf(heading, at + 1, StringComparison.Ordinal))
        {
            var end = at + heading.Length;
            var isHeading = at >= Mark.Length && prompt.AsSpan(at - Mark.Length, Mark.Length) is Mark && (at == Mark.Length || prompt[at - Mark.Length - 1] == '\n');
            if (isHeading && (end == prompt.Length || prompt[end] == '\n'))
            {
                return end;
            }
        }

        return -1;
    }
}
