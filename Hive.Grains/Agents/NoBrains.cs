using Hive.Brains;
using Microsoft.Extensions.AI;

namespace Hive.Agents;

/// <summary>A silo without brains.</summary>
internal sealed class NoBrains : IBrains
{
    public IReadOnlyList<BrainSpec> All => [];

    public IChatClient Open(string name) => throw new KeyNotFoundException($"there is no brain '{name}' here");
}
