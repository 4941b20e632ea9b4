using System.Numerics.Tensors;
using Hive.Research;

namespace Hive.Basins;

/// <summary>What review says of a claim. It comes from the hub, never from who sent the delta.</summary>
/// <param name="Claim">The claim's name, as deltas name it.</param>
/// <param name="Configuration">The configuration that the claim is about.</param>
/// <param name="Replicated">Whether independent agents ran it again and agree.</param>
public sealed record DeltaEvidence(string Claim, Configuration Configuration, bool Replicated);

/// <summary>
/// The evidence gate: a delta counts only if every claim that it names replicated and there is at least one; then its claims say where it leads, and it says only how far. It is
/// laid onto the learning step towards its claims' configurations, no farther than that step goes, and refused where it is at more than 60° to it. So a replicated claim of
/// somebody else's is no ticket for a delta of one's own.
/// </summary>
internal static class EvidenceGate
{
    private const double LeastCosine = 0.5;
    private const double Nothing = 1e-6;

    /// <summary>What of a delta its evidence carries.</summary>
    /// <param name="delta">The delta.</param>
    /// <param name="at">The point that it is based on.</param>
    /// <param name="evidence">What review says of claims.</param>
    /// <param name="rate">The rate of the learning step that is as far as a delta leads.</param>
    /// <param name="mistake">Why nothing is left of it; null where something is.</param>
    /// <returns>The tangent vector; empty where nothing is left.</returns>
    public static double[] Explained(BasinDelta delta, BasinPoint at, IReadOnlyDictionary<string, DeltaEvidence> evidence, double rate, out string? mistake)
    {
        mistake = delta.Claims.IsEmpty ? "it names no claim" : delta.Claims.Select(claim => Mistake(claim, evidence)).FirstOrDefault(mistake => mistake is not null);
        if (mistake is not null) return [];
        var step = BasinLearning.Step(at, [.. delta.Claims.Select(claim => new Success(evidence[claim].Configuration, 1))], rate);
        for (var i = 0; i < at.Factors.Length; i++)
        {
            var part = at.Space.Part(i);
            if (!delta.Tangent.Span[part].ContainsAnyExcept(0.0)) step.AsSpan(part).Clear();
        }

        var (length, far) = (TensorPrimitives.Norm(delta.Tangent.Span), TensorPrimitives.Norm<double>(step));
        var cosine = length < Nothing || far < Nothing ? 0 : TensorPrimitives.Dot(delta.Tangent.Span, step) / (length * far);
        if (cosine < LeastCosine)
        {
            mistake = $"it does not lead where its claims do (cosine {cosine:F2}, at least {LeastCosine} is wanted)";
            return [];
        }

        TensorPrimitives.Multiply(step, Math.Min(1, length * cosine / far), step);
        return step;
    }

    private static string? Mistake(string claim, IReadOnlyDictionary<string, DeltaEvidence> evidence) =>
        !evidence.TryGetValue(claim, out var reviewed) ? $"nobody has reviewed its claim '{claim}'"
        : reviewed.Replicated ? null
        : $"its claim '{claim}' did not replicate";
}
