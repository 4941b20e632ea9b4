namespace Hive.Brains;

/// <summary>A language model that a silo can ask, as it is offered: what it is called, what it can take and what it costs. How it is reached is nobody else's business.</summary>
public sealed record BrainSpec
{
    /// <summary>Its name, unique on its silo: 1 to 64 letters, digits, '-', '_', '.' and ':'.</summary>
    public required string Name { get; init; }

    /// <summary>The model's name, as its server calls it.</summary>
    public required string Model { get; init; }

    /// <summary>Its tier: <c>edge</c>, <c>worker</c> or <c>core</c>.</summary>
    public required string Tier { get; init; }

    /// <summary>How many calls it takes at once, at least 1.</summary>
    public int MaxConcurrency { get; init; } = 1;

    /// <summary>How many tokens a call may have, those asked and those answered together.</summary>
    public int ContextTokens { get; init; } = 8_192;

    /// <summary>What a million tokens asked cost, in the owner's currency; 0 for a server of one's own.</summary>
    public decimal PricePerMillionIn { get; init; }

    /// <summary>What a million tokens answered cost.</summary>
    public decimal PricePerMillionOut { get; init; }
}
