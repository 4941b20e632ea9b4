using System.Collections.Immutable;
using Hive.Brains;

namespace Hive.Cognition.Steps;

/// <summary>Votes on one step that are asked for at once.</summary>
/// <param name="Step">The step, from 0.</param>
/// <param name="Batch">The how-many-th asking for this step, from 0.</param>
/// <param name="Tier">The tier that is asked.</param>
/// <param name="Votes">How many votes.</param>
/// <param name="First">The number of the first of them among all votes that the step was given, from 0.</param>
internal sealed record Asking(long Step, int Batch, string Tier, int Votes, int First)
{
    public required ImmutableArray<BrainMessage> Messages { get; init; }

    /// <summary>The most tokens that one vote's question has.</summary>
    public required long MostIn { get; init; }

    /// <summary>The most tokens that one vote's answer has.</summary>
    public required int MostOut { get; init; }

    /// <summary>The most money that one vote costs.</summary>
    public required decimal Money { get; init; }

    /// <summary>The most tokens that one vote costs.</summary>
    public long Tokens => MostIn + MostOut;
}
