using System.Runtime.CompilerServices;
using Orleans;
using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>Makes the references of one silo or client.</summary>
internal sealed class GrainFactory : IGrainFactory
{
    private readonly Dictionary<Type, ReferenceKind> _kinds = [];
    private readonly Dictionary<string, ReferenceKind> _kindsByName = new(StringComparer.Ordinal);
    private readonly GrainManifest _manifest;
    private readonly ReferenceOrigin _untyped;
    private readonly ConditionalWeakTable<IGrainObserver, Activation> _observers = [];
    private readonly FabricMember _member;
    private long _observersMade;

    internal GrainFactory(FabricMember member, GrainManifest manifest)
    {
        _member = member;
        _manifest = manifest;
        _untyped = new ReferenceOrigin(member, nameof(IAddressable));
        foreach (var (type, description) in manifest.Interfaces)
        {
            var kind = new ReferenceKind(description, new ReferenceOrigin(member, description.Name), ServingClasses(type));
            _kinds.Add(type, kind);
            _kindsByName[description.Name] = kind;
        }
    }

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey => Create<TGrainInterface>(GrainIdKeyExtensions.CreateGuidKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey => Create<TGrainInterface>(GrainIdKeyExtensions.CreateIntegerKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(primaryKey);
        return Create<TGrainInterface>(IdSpan.Create(primaryKey), grainClassNamePrefix);
    }

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable => CreateReference<TGrainInterface>(grainId);

    public IAddressable GetGrain(GrainId grainId) => CreateReference(grainId);

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
    {
        ArgumentNullException.ThrowIfNull(obj);
        if (obj is GrainReference or IGrainBase) throw new ArgumentException("The object is a grain already; use AsReference.", nameof(obj));
        if (obj is not TGrainObserverInterface) throw new ArgumentException($"{obj.GetType()} is not a {typeof(TGrainObserverInterface)}.", nameof(obj));
        var activation = _observers.GetValue(obj, observer =>
        {
            var id = Observers.IdOf(_member, Interlocked.Increment(ref _observersMade));
            return Activation.OfObserver(_member, id, observer);
        });
        _member.Fabric.AddObserver(activation);
        return CreateReference<TGrainObserverInterface>(activation.GrainId);
    }

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
    {
        ArgumentNullException.ThrowIfNull(obj);
        if (obj is GrainReference reference)
        {
            _member.Fabric.Find(reference.GrainId)?.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "The reference was deleted."));
        }
        else if (_observers.TryGetValue(obj, out var activation))
        {
            _observers.Remove(obj);
            activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "The reference was deleted."));
        }
    }

    internal GrainReference CreateReference(GrainId grainId) => new(new GrainBinding(_untyped, grainId));

    internal TGrainInterface CreateReference<TGrainInterface>(GrainId grainId)
    {
        if (typeof(TGrainInterface).IsAssignableFrom(typeof(GrainReference))) return (TGrainInterface)(object)CreateReference(grainId);
        var kind = KindOf(typeof(TGrainInterface));
        return (TGrainInterface)kind.Description.CreateProxy(new GrainBinding(kind.Origin, grainId));
    }

    /// <summary>A reference that a call from another process names.</summary>
    internal GrainReference CreateReference(GrainId grainId, string interfaceName) => _kindsByName.TryGetValue(interfaceName, out var kind)
        ? (GrainReference)kind.Description.CreateProxy(new GrainBinding(kind.Origin, grainId))
        : CreateReference(grainId);

    private TGrainInterface Create<TGrainInterface>(IdSpan key, string? classNamePrefix)
    {
        var kind = KindOf(typeof(TGrainInterface));
        var grainType = classNamePrefix is null && kind.Only is { } only ? only : Resolve(kind, classNamePrefix);
        return (TGrainInterface)kind.Description.CreateProxy(new GrainBinding(kind.Origin, new GrainId(grainType, key)));
    }

    private ReferenceKind KindOf(Type type) => _kinds.TryGetValue(type, out var kind)
        ? kind
        : throw new ArgumentException($"{type} is not a grain interface that this host knows: the project that declares it must say <UsesGrains>true</UsesGrains>.");

    private GrainType Resolve(ReferenceKind kind, string? classNamePrefix)
    {
        var type = kind.Description.Type;
        if (kind.Classes.Count == 0)
        {
            // The class may be known to other processes only; its kind then has the name that the interface suggests.
            return _member.Fabric.HasTransport ? GrainType.Create(ConventionalKind(type)) : throw new ArgumentException($"No grain class implements {type}.");
        }

        var candidates = kind.Classes;
        if (classNamePrefix is not null)
        {
            candidates = [.. kind.Classes.Where(candidate => candidate.Type.FullName!.StartsWith(classNamePrefix, StringComparison.Ordinal))];
        }
        else if (kind.Classes.FirstOrDefault(candidate => string.Equals(candidate.Type.Name, type.Name[1..], StringComparison.Ordinal)) is { } namesake)
        {
            candidates = [namesake];
        }

        return candidates switch
        {
            [var one] => one.GrainType,
            [] => throw new ArgumentException($"No grain class that implements {type} has a name that begins with '{classNamePrefix}'."),
            _ => throw new ArgumentException(
                $"{type} is implemented by several grain classes ({string.Join(", ", candidates.Select(candidate => candidate.Type))}); name one by its prefix."),
        };
    }

    private List<GrainClassDescription> ServingClasses(Type interfaceType) =>
        [.. _manifest.Classes.Values.Where(description => interfaceType.IsAssignableFrom(description.Type))];

    private static string ConventionalKind(Type interfaceType)
    {
        var name = interfaceType.Name is ['I', .. var rest] ? rest : interfaceType.Name;
        return (name.EndsWith("Grain", StringComparison.Ordinal) ? name[..^"Grain".Length] : name).ToLowerInvariant();
    }

    private sealed class ReferenceKind(GrainInterfaceDescription description, ReferenceOrigin origin, List<GrainClassDescription> classes)
    {
        public GrainInterfaceDescription Description { get; } = description;

        public ReferenceOrigin Origin { get; } = origin;

        public List<GrainClassDescription> Classes { get; } = classes;

        public GrainType? Only { get; } = classes is [var one] ? one.GrainType : null;
    }
}
