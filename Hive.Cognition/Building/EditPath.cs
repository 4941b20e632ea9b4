using System.Globalization;
using System.Text.RegularExpressions;

namespace Hive.Building;

/// <summary>Which paths a reply may name: those that mean one file inside the repository, on every file system, and never git's own.</summary>
internal static partial class EditPath
{
    /// <summary>The most characters of a path.</summary>
    public const int MaxLength = 400;

    /// <summary>Why a path cannot be written, to be put after it; null where it can.</summary>
    /// <param name="path">What the reply says.</param>
    public static string? Check(string path)
    {
        if (path.Length is 0 or > MaxLength)
        {
            return $"is empty or longer than {MaxLength} characters";
        }

        if (path.Any(IsForbidden))
        {
            return "has a character that no path may have here (control and invisible characters, '\\', ':' and other wildcards of Windows); separate folders by '/'";
        }

        if (path[0] == '/')
        {
            return "is absolute; give it from the root of the repository, without a '/' in front";
        }

        foreach (var part in path.Split('/'))
        {
            if (part is "" or "." or "..")
            {
                return "has an empty part, '.' or '..'; give it from the root of the repository";
            }

            if (part[^1] is '.' or ' ' || part[0] == ' ')
            {
                return "has a part that begins with a space or ends with a space or a full stop";
            }

            if (part.Equals(".git", StringComparison.OrdinalIgnoreCase) || ShortNameOfGit().IsMatch(part))
            {
                return "leads into git's own folder, which cannot be changed";
            }
        }

        return SecretFiles.IsSecret(path) ? "looks like a file of secrets; it is neither shown nor changed here" : null;
    }

    // Formatting characters are ignored by HFS+, such that ".g\u200Cit" means ".git" there; '<', '>', '|', '"', '?' and '*' are no part of a name on Windows.
    private static bool IsForbidden(char character) =>
        char.IsControl(character) || character is '\\' or ':' or '<' or '>' or '|' or '"' or '?' or '*' or '\uFFFD'
        || char.GetUnicodeCategory(character) is UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned;

    // NTFS gives long names a second, short one: git~1 is .git.
    [GeneratedRegex("^git~[0-9]+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ShortNameOfGit();
}
