using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;

namespace Hive.Testing;

/// <summary>Looks at the machine's processes through /proc.</summary>
public static class MachineProcesses
{
    /// <summary>Living processes, this one apart, whose command line, environment or working folder contains a word.</summary>
    /// <param name="word">The word.</param>
    public static ImmutableArray<int> Mentioning(string word) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && id != Environment.ProcessId && Mentions(id, word))];

    /// <summary>Whether a process is there and runs: one that has ended and was not waited for does not.</summary>
    /// <param name="id">The process's id.</param>
    public static bool IsAlive(int id)
    {
        try
        {
            // The state follows the name, which may contain anything but ends with the last parenthesis.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>A process's id and command line.</summary>
    /// <param name="id">The process's id.</param>
    public static string Describe(int id)
    {
        try
        {
            return $"{id} ({File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ')})";
        }
        catch (IOException)
        {
            return $"{id} (gone)";
        }
    }

    /// <summary>Kills a process; one that is gone is no error.</summary>
    /// <param name="id">The process's id.</param>
    public static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has ended meanwhile.
        }
    }

    private static bool Mentions(int id, string word)
    {
        try
        {
            return IsAlive(id)
                && (File.ReadAllText($"/proc/{id}/cmdline").Contains(word, StringComparison.Ordinal)
                    || File.ReadAllText($"/proc/{id}/environ").Contains(word, StringComparison.Ordinal)
                    || new FileInfo($"/proc/{id}/cwd").LinkTarget?.Contains(word, StringComparison.Ordinal) == true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
