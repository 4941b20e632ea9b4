using System.Collections.Immutable;

namespace Hive.Cognition.Critics;

/// <summary>What a critic says of a candidate.</summary>
/// <param name="Score">How well the candidate does what was asked, 0 to 1.</param>
/// <param name="Faults">What is wrong with it; at most 16 faults of 500 characters.</param>
/// <param name="Evidence">What the score rests on; at most 4,000 characters.</param>
public sealed record CriticVerdict(double Score, ImmutableArray<string> Faults, string Evidence);
