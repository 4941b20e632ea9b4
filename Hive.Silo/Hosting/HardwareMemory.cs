using System.Globalization;

namespace Hive.Silo.Hosting;

/// <summary>The memory that a Linux process may use: the machine's, or what the nearest limit of a control group leaves of it.</summary>
internal static class HardwareMemory
{
    private const string Groups = "sys/fs/cgroup";

    /// <summary>Reads the limits.</summary>
    /// <param name="root">Where <c>proc</c> and <c>sys</c> lie.</param>
    /// <param name="otherwise">The answer where there is no <c>proc</c> to ask.</param>
    /// <returns>Bytes.</returns>
    public static long Read(string root, long otherwise)
    {
        var machine = Machine(Lines(Path.Combine(root, "proc/meminfo")));
        return Math.Min(machine ?? otherwise, Limits(root).DefaultIfEmpty(long.MaxValue).Min());
    }

    /// <summary>The line <c>MemTotal: N kB</c>.</summary>
    private static long? Machine(IEnumerable<string> lines) =>
        lines.FirstOrDefault(line => line.StartsWith("MemTotal:", StringComparison.Ordinal)) is { } line
        && Number(line["MemTotal:".Length..].Replace("kB", "", StringComparison.Ordinal)) is { } kibibytes
            ? kibibytes << 10
            : null;

    /// <summary>
    /// The limits of the process's groups and of all groups above them. A line of <c>proc/self/cgroup</c> is <c>id:controllers:path</c>; in version 2 there is one, with id 0
    /// and no controllers.
    /// </summary>
    private static IEnumerable<long> Limits(string root)
    {
        foreach (var line in Lines(Path.Combine(root, "proc/self/cgroup")).Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3))
        {
            var (folder, file) = line switch
            {
                ["0", "", _] => (Path.Combine(root, Groups), "memory.max"),
                [_, var controllers, _] when controllers.Split(',').Contains("memory") => (Path.Combine(root, Groups, "memory"), "memory.limit_in_bytes"),
                _ => ("", ""),
            };
            if (folder.Length == 0)
            {
                continue;
            }

            for (var path = line[2].Trim('/'); ; path = Path.GetDirectoryName(path) ?? "")
            {
                // A group without a limit says "max", or in version 1 a number beyond any machine's memory.
                if (!path.Contains("..", StringComparison.Ordinal) && Lines(Path.Combine(folder, path, file)).FirstOrDefault() is { } limit && Number(limit) is { } bytes)
                {
                    yield return bytes;
                }

                if (path.Length == 0)
                {
                    break;
                }
            }
        }
    }

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static long? Number(string text) => long.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
