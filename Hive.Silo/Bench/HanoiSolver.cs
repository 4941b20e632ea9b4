using System.Globalization;

namespace Hive.Silo.Bench;

/// <summary>
/// Solves the Towers of Hanoi in another way than brains are told to, and checks what they decided against that: by the recursion that moves all but the largest disk aside, the largest, and the
/// others onto it.
/// </summary>
internal sealed class HanoiSolver : IDisposable
{
    private readonly Stack<int>[] _pegs;
    private readonly IEnumerator<HanoiMove> _moves;

    public HanoiSolver(int disks)
    {
        _pegs = [new(Enumerable.Range(1, disks).Reverse()), new(), new()];
        _moves = Moves(disks, 0, 2, 1).GetEnumerator();
    }

    /// <summary>How many moves a number of disks takes.</summary>
    public static long Steps(int disks) => (1L << disks) - 1;

    /// <summary>The state after the next move, written as brains write it; null once all moves were made.</summary>
    public string? Next()
    {
        if (!_moves.MoveNext())
        {
            return null;
        }

        var move = _moves.Current;
        _pegs[move.To].Push(_pegs[move.From].Pop());
        return string.Create(
            CultureInfo.InvariantCulture,
            $"move {move.Disk} {Peg(move.From)}>{Peg(move.To)}; A{Tower(0)}; B{Tower(1)}; C{Tower(2)}");
    }

    public void Dispose() => _moves.Dispose();

    private static IEnumerable<HanoiMove> Moves(int disk, int from, int to, int aside)
    {
        if (disk == 0)
        {
            yield break;
        }

        foreach (var move in Moves(disk - 1, from, aside, to))
        {
            yield return move;
        }

        yield return new HanoiMove(disk, from, to);
        foreach (var move in Moves(disk - 1, aside, to, from))
        {
            yield return move;
        }
    }

    private static char Peg(int peg) => (char)('A' + peg);

    private string Tower(int peg) => string.Concat(_pegs[peg].Reverse().Select(disk => $" {disk.ToString(CultureInfo.InvariantCulture)}"));
}
