using Hive.Research;

namespace Hive.Leaderboards;

/// <summary>
/// The total order of claims, the better first: by value, then the earlier, then by the names and the rest, so that only the same claim compares as equal. What became of a
/// claim plays no part, which is what lets a board be cut to size and stay convergent.
/// </summary>
internal sealed class ClaimOrder(Direction direction) : IComparer<Claim>, IComparer<JudgedClaim>
{
    public int Compare(JudgedClaim? x, JudgedClaim? y) => Compare(x!.Claim, y!.Claim);

    public int Compare(Claim? x, Claim? y)
    {
        if (x!.Value != y!.Value)
        {
            return (x.Value < y.Value) == (direction == Direction.Minimize) ? -1 : 1;
        }

        return x.At.CompareTo(y.At) is not 0 and var at ? at
            : string.CompareOrdinal(x.Agent, y.Agent) is not 0 and var agent ? agent
            : string.CompareOrdinal(x.Experiment, y.Experiment) is not 0 and var experiment ? experiment
            : x.Seed.CompareTo(y.Seed) is not 0 and var seed ? seed
            : string.CompareOrdinal(x.Configuration, y.Configuration);
    }
}
