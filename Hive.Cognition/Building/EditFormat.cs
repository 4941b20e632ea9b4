namespace Hive.Building;

/// <summary>The form in which brains tell what to change in a repository.</summary>
public static class EditFormat
{
    /// <summary>The most files that a reply may change.</summary>
    public const int MaxFiles = 64;

    /// <summary>The most bytes that a changed file may have.</summary>
    public const int MaxFileBytes = 1 << 20;

    /// <summary>The most characters of a reply.</summary>
    public const int MaxReply = 2 << 20;

    /// <summary>The most parts of one file that a reply may replace.</summary>
    public const int MaxBlocks = 256;

    /// <summary>The form, explained to a brain; a part of prompts.</summary>
    public const string Instructions = """
        Answer with the changes themselves, file by file. For each file write a line with three equals signs and its path from the root of the repository,
        and below it one of the following.

        To change parts of a file, one or more blocks. SEARCH holds whole lines exactly as they are in the file now, enough of them to be found exactly once;
        REPLACE holds what shall stand there instead:

        === src/greeting.txt
        <<<<<<< SEARCH
        Hello
        =======
        Hello, world
        >>>>>>> REPLACE

        To make a new file, or to replace a small one wholly, its full text between fences. If the text has a line of backticks in it, use longer fences:

        === src/new.txt
        ```
        the full text
        ```

        To delete a file, the word delete:

        === src/old.txt
        delete

        Name each file once. Change only what is needed. Everything else that you write is ignored. If one part cannot be carried out, nothing is.
        """;
}
