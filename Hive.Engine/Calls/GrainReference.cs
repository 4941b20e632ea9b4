using Hive.Engine;

namespace Orleans.Runtime;

/// <summary>
/// A reference to a grain: its identity, and the way there. References are equal if their grains are. What travels between processes is
/// <see cref="GrainId"/> and <see cref="InterfaceName"/>.
/// </summary>
public class GrainReference : IAddressable, IEquatable<GrainReference>
{
    /// <summary>Where the last call went. It may have ended since; it then refuses the next call, which looks anew.</summary>
    private Activation? _lastTarget;

    internal GrainReference(GrainBinding binding)
    {
        Origin = binding.Origin;
        GrainId = binding.GrainId;
    }

    /// <summary>The grain.</summary>
    public GrainId GrainId { get; }

    /// <summary>The alias or full name of the interface by which the grain is referred to.</summary>
    public string InterfaceName => Origin.InterfaceName;

    internal ReferenceOrigin Origin { get; }

    /// <summary>The same grain by another of its interfaces.</summary>
    public virtual TGrainInterface Cast<TGrainInterface>() =>
        this is TGrainInterface same ? same : Origin.Member.Factory.CreateReference<TGrainInterface>(GrainId);

    /// <inheritdoc/>
    public bool Equals(GrainReference? other) => ReferenceEquals(this, other) || (other is not null && GrainId.Equals(other.GrainId));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    /// <inheritdoc/>
    public override int GetHashCode() => GrainId.GetHashCode();

    /// <inheritdoc/>
    public sealed override string ToString() => $"{InterfaceName} {GrainId}";

    /// <summary>Whether both refer to one grain.</summary>
    public static bool operator ==(GrainReference? reference1, GrainReference? reference2) => reference1?.Equals(reference2) ?? reference2 is null;

    /// <summary>Whether the two refer to different grains.</summary>
    public static bool operator !=(GrainReference? reference1, GrainReference? reference2) => !(reference1 == reference2);

    internal void Dispatch(GrainCall call)
    {
        GrainCall? parent = null;
        var sender = (call.IsReceived ? null : Turn.Current(out parent)?.Owner) ?? Origin.Member;
        call.Reference = this;
        call.Parent = parent;
        if (!call.IsReceived) call.Context = RequestContext.Current;
        sender.SetDeadline(call);
        if (sender.IsDead)
        {
            call.TrySetException(sender.Gone());
            return;
        }

        if (call.CallerToken is { CanBeCanceled: true } token)
        {
            if (token.IsCancellationRequested)
            {
                call.TrySetCanceled(token);
                return;
            }

            call.ArmCancellation();
        }

        if (_lastTarget is not { Owner.IsDead: false } target || !target.TryReceive(call)) _lastTarget = sender.Fabric.Send(call, sender);
    }
}
