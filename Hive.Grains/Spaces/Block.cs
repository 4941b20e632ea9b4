namespace Hive.Spaces;

/// <summary>One element of a vector: its places belong together, and those of two elements of one vector correspond to each other.</summary>
/// <param name="Vector">Which of the space's outermost vectors it belongs to, from 0.</param>
/// <param name="Offset">The index of its first double in a point.</param>
/// <param name="Length">How many doubles it takes.</param>
public readonly record struct Block(int Vector, int Offset, int Length);
