using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Hive.Silo.Bench;

/// <summary>A move of the Towers of Hanoi.</summary>
/// <param name="Disk">The disk, 1 for the smallest.</param>
/// <param name="From">The peg it leaves, 0 to 2.</param>
/// <param name="To">The peg it goes to, 0 to 2.</param>
internal readonly record struct HanoiMove(int Disk, int From, int To);

/// <summary>
/// Three pegs and the move that led there, as a step of the puzzle starts from it and ends with it: <c>move 1 A&gt;B; A 3 2; B 1; C</c>, each peg from the bottom up. What a brain says may be
/// against the rules, and can be said all the same.
/// </summary>
internal sealed class HanoiState
{
    public const int MostDisks = 30;

    /// <summary>What an answer looks like.</summary>
    public const string Pattern = "move [0-9]+ [ABC]>[ABC]; A( [0-9]+)*; B( [0-9]+)*; C( [0-9]+)*";

    private const string MovePrefix = "move ";
    private const string NoMove = "none";
    private const string Pegs = "ABC";

    private readonly int[][] _pegs;

    private HanoiState(HanoiMove? last, int[][] pegs) => (Last, _pegs) = (last, pegs);

    /// <summary>The move that led here; absent at the beginning.</summary>
    public HanoiMove? Last { get; }

    public int Disks => _pegs[0].Length + _pegs[1].Length + _pegs[2].Length;

    /// <summary>All disks on the first peg.</summary>
    public static HanoiState Start(int disks) => new(null, [[.. Enumerable.Range(1, disks).Reverse()], [], []]);

    /// <summary>What one step does, after the rule that solves the puzzle in the fewest moves: no step asks for more than reading and applying it.</summary>
    public static string Instruction(int disks) =>
        $"""
        The Towers of Hanoi with {disks} disks, 1 being the smallest. A line such as "{MovePrefix}1 A>B; A 3 2; B 1; C" tells the last move and each peg's disks from the bottom up. Make the one next move:
        - If the last move was "{NoMove}", or of another disk than 1: move disk 1 to the next peg, in the order {(disks % 2 == 0 ? "A, B, C, A" : "A, C, B, A")}.
        - If the last move was of disk 1: make the only legal move of another disk. A disk never lies on a smaller one.
        Answer with the line after the move, and with nothing else.
        """;

    /// <summary>How long an answer may be.</summary>
    public static int MaxCharacters(int disks) => 40 + (3 * disks);

    /// <summary>Reads a state; each disk has to be there once, in whatever order.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out HanoiState? state)
    {
        state = null;
        Span<Range> parts = stackalloc Range[5];
        if (!text.StartsWith(MovePrefix, StringComparison.Ordinal) || text.Split(parts, "; ") != 4 || !TryParseMove(text[parts[0]][MovePrefix.Length..], out var last))
        {
            return false;
        }

        var pegs = new int[3][];
        var seen = 0L;
        for (var peg = 0; peg < 3; peg++)
        {
            if (!TryParsePeg(text[parts[peg + 1]], Pegs[peg], ref seen, out pegs[peg]!))
            {
                return false;
            }
        }

        var read = new HanoiState(last, pegs);
        if (seen != (1L << read.Disks) - 1)
        {
            return false;
        }

        state = read;
        return true;
    }

    /// <summary>The state after the one right step, or null where the rule knows none.</summary>
    public HanoiState? Next()
    {
        var small = Array.FindIndex(_pegs, peg => peg is [.., 1]);
        if (small < 0)
        {
            return null;
        }

        if (Last is not { Disk: 1 })
        {
            return Move(small, (small + (Disks % 2 == 0 ? 1 : 2)) % 3);
        }

        var (one, other) = ((small + 1) % 3, (small + 2) % 3);
        return Top(one) == Top(other) ? null : Top(one) < Top(other) ? Move(one, other) : Move(other, one);
    }

    /// <summary>The state after a peg's top disk was moved, legally or not; null where the peg has none.</summary>
    public HanoiState? Move(int from, int to) => _pegs[from] is [.., var disk] && from != to ? Moved(new HanoiMove(disk, from, to), from, to) : null;

    /// <summary>The same, without saying so.</summary>
    public HanoiState? Misplace(int from, int to) => _pegs[from].Length > 0 && from != to ? Moved(Last, from, to) : null;

    public override string ToString()
    {
        var text = new StringBuilder(MovePrefix, MaxCharacters(Disks));
        if (Last is { } last)
        {
            text.Append(CultureInfo.InvariantCulture, $"{last.Disk} {Pegs[last.From]}>{Pegs[last.To]}");
        }
        else
        {
            text.Append(NoMove);
        }

        for (var peg = 0; peg < 3; peg++)
        {
            text.Append("; ").Append(Pegs[peg]);
            foreach (var disk in _pegs[peg])
            {
                text.Append(' ').Append(disk);
            }
        }

        return text.ToString();
    }

    private static bool TryParseMove(ReadOnlySpan<char> text, out HanoiMove? move)
    {
        move = null;
        if (text is NoMove)
        {
            return true;
        }

        var space = text.IndexOf(' ');
        if (space < 0
            || text[(space + 1)..] is not [var from, '>', var to]
            || !Pegs.Contains(from)
            || !Pegs.Contains(to)
            || !int.TryParse(text[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var disk))
        {
            return false;
        }

        move = new HanoiMove(disk, from - Pegs[0], to - Pegs[0]);
        return true;
    }

    private static bool TryParsePeg(ReadOnlySpan<char> text, char name, ref long seen, [NotNullWhen(true)] out int[]? peg)
    {
        peg = null;
        if (text.Length == 0 || text[0] != name)
        {
            return false;
        }

        Span<int> disks = stackalloc int[MostDisks];
        var count = 0;
        for (var rest = text[1..]; rest.Length > 0;)
        {
            var end = rest[1..].IndexOf(' ') + 1;
            var word = end > 0 ? rest[1..end] : rest[1..];
            if (rest[0] != ' '
                || !int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var disk)
                || disk is < 1 or > MostDisks
                || (seen & (1L << (disk - 1))) != 0)
            {
                return false;
            }

            seen |= 1L << (disk - 1);
            disks[count++] = disk;
            rest = end > 0 ? rest[end..] : [];
        }

        peg = disks[..count].ToArray();
        return true;
    }

    private int Top(int peg) => _pegs[peg] is [.., var disk] ? disk : int.MaxValue;

    private HanoiState Moved(HanoiMove? last, int from, int to)
    {
        var pegs = (int[][])_pegs.Clone();
        pegs[to] = [.. _pegs[to], _pegs[from][^1]];
        pegs[from] = _pegs[from][..^1];
        return new HanoiState(last, pegs);
    }
}
