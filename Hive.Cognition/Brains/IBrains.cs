using Microsoft.Extensions.AI;

namespace Hive.Brains;

/// <summary>The brains of a silo.</summary>
public interface IBrains
{
    /// <summary>Those that are here, in the order of their listing.</summary>
    IReadOnlyList<BrainSpec> All { get; }

    /// <summary>A client that asks one brain. It bounds its concurrency, obeys <c>Retry-After</c> and takes care that a cancelled call ends on the wire; what fails is a <see cref="BrainException"/>.</summary>
    /// <param name="name">The brain's name.</param>
    /// <exception cref="KeyNotFoundException">There is no such brain here.</exception>
    IChatClient Open(string name);
}
