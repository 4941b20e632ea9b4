using Orleans.Runtime;

namespace Orleans;

/// <summary>What the engine needs of a grain class: its context, and the two moments of its life.</summary>
public interface IGrainBase
{
    /// <summary>The activation that this object serves.</summary>
    IGrainContext GrainContext { get; }

    /// <summary>Runs before the first call, after persistent state has been read. A failure fails the waiting calls.</summary>
    /// <param name="token">Cancelled when activation takes longer than <see cref="Configuration.GrainCollectionOptions.ActivationTimeout"/>.</param>
    Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

    /// <summary>Runs after the last call.</summary>
    /// <param name="reason">Why the activation ends.</param>
    /// <param name="token">Cancelled when deactivation takes longer than <see cref="Configuration.GrainCollectionOptions.DeactivationTimeout"/>.</param>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
}
