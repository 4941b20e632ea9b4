using Orleans.Concurrency;

namespace Hive.Critics;

/// <summary>How often the critics of a hive were right, over all its goals. It lives on the hub; its key is <see cref="Key"/>.</summary>
[Alias("hive.critic-book")]
public interface ICriticBookGrain : IGrainWithStringKey
{
    /// <summary>The one key.</summary>
    const string Key = "critics";

    /// <summary>What is known of critics, by name.</summary>
    [Alias("list"), AlwaysInterleave, ReadOnly]
    Task<CriticCount[]> ListAsync();

    /// <summary>Adds what one goal found out. The same goal's word counts once.</summary>
    /// <param name="goal">The goal's id.</param>
    /// <param name="found">What it found out.</param>
    [Alias("add")]
    Task AddAsync(string goal, CriticCount[] found);
}

/// <summary>How often a critic was right where facts came to light later.</summary>
/// <param name="Critic">The critic: an agent's key.</param>
/// <param name="Agreed">How often it agreed with the fact.</param>
/// <param name="Differed">How often it did not.</param>
[GenerateSerializer, Immutable, Alias("hive.critic-count")]
public sealed record CriticCount([property: Id(0)] string Critic, [property: Id(1)] long Agreed, [property: Id(2)] long Differed);
