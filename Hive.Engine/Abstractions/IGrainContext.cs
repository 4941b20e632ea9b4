namespace Orleans.Runtime;

/// <summary>An activation as its own grain sees it.</summary>
public interface IGrainContext : IEquatable<IGrainContext>
{
    /// <summary>The identity.</summary>
    GrainId GrainId { get; }

    /// <summary>This grain, as others refer to it.</summary>
    GrainReference GrainReference { get; }

    /// <summary>The grain object; null before it is made and after it is gone.</summary>
    object? GrainInstance { get; }

    /// <summary>The services of this activation; scoped ones end with it.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Completes when the activation has ended.</summary>
    Task Deactivated { get; }

    /// <summary>Ends the activation when the calls that now run have ended; calls that wait go to the grain's next activation.</summary>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}
