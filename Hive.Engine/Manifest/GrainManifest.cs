using System.Reflection;
using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>Names the generated type that lists an assembly's grains.</summary>
/// <param name="manifestType">A <see cref="GrainAssembly"/> with a public constructor without parameters.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class GrainManifestAttribute(Type manifestType) : Attribute
{
    /// <summary>The type.</summary>
    public Type ManifestType { get; } = manifestType;
}

/// <summary>Lists the grains of an assembly. The generator derives one class an assembly.</summary>
public abstract class GrainAssembly
{
    /// <summary>Adds everything to <paramref name="manifest"/>.</summary>
    public abstract void Describe(GrainManifest manifest);
}

/// <summary>What a host knows of grain interfaces and grain classes, without looking into assemblies.</summary>
public sealed class GrainManifest
{
    private readonly HashSet<Type> _assemblies = [];
    private readonly Dictionary<Type, GrainInterfaceDescription> _interfaces = [];
    private readonly Dictionary<GrainType, GrainClassDescription> _classes = [];
    private readonly Dictionary<ulong, GrainMethod> _methodsByWireId = [];
    private readonly Dictionary<Type, SerializableDescription> _serializables = [];
    private readonly Dictionary<string, Type> _serializablesByName = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, ExceptionDescription> _exceptions = [];

    internal GrainManifest()
    {
    }

    internal IReadOnlyDictionary<Type, GrainInterfaceDescription> Interfaces => _interfaces;

    internal IReadOnlyDictionary<GrainType, GrainClassDescription> Classes => _classes;

    internal IReadOnlyDictionary<ulong, GrainMethod> MethodsByWireId => _methodsByWireId;

    internal IReadOnlyDictionary<Type, SerializableDescription> Serializables => _serializables;

    internal IReadOnlyDictionary<Type, ExceptionDescription> Exceptions => _exceptions;

    /// <summary>Adds what another assembly lists, once. Called by generated code.</summary>
    public GrainManifest AddAssembly<TAssembly>()
        where TAssembly : GrainAssembly, new()
    {
        if (_assemblies.Add(typeof(TAssembly))) new TAssembly().Describe(this);
        return this;
    }

    /// <summary>Adds a grain interface. Called by generated code.</summary>
    /// <param name="name">Its alias or full name.</param>
    /// <param name="createProxy">Makes a reference that implements it.</param>
    /// <param name="methods">Its methods, inherited ones too.</param>
    /// <exception cref="OrleansConfigurationException">Two methods have the same <see cref="GrainMethod.WireId"/>.</exception>
    public GrainManifest AddInterface<TInterface>(string name, Func<GrainBinding, object> createProxy, params GrainMethod[] methods)
    {
        ArgumentNullException.ThrowIfNull(methods);
        _interfaces[typeof(TInterface)] = new GrainInterfaceDescription(typeof(TInterface), name, createProxy);
        foreach (var method in methods)
        {
            if (!_methodsByWireId.TryAdd(method.WireId, method) && _methodsByWireId[method.WireId].Id != method.Id)
            {
                throw new OrleansConfigurationException(
                    $"Grain methods {method.Id} and {_methodsByWireId[method.WireId].Id} have the same number in messages; give one another [Alias].");
            }
        }

        return this;
    }

    /// <summary>Adds a type that travels in messages. Called by generated code.</summary>
    /// <param name="name">Its alias or full name.</param>
    /// <param name="create">Makes its codec.</param>
    /// <exception cref="OrleansConfigurationException">Another type has that name.</exception>
    public GrainManifest AddSerializable<T>(string name, Func<Codec<T>> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        if (!_serializablesByName.TryAdd(name, typeof(T)) && _serializablesByName[name] != typeof(T))
        {
            throw new OrleansConfigurationException($"{_serializablesByName[name]} and {typeof(T)} are both called '{name}' in messages; give one another [Alias].");
        }

        _serializables[typeof(T)] = new SerializableDescription(name, create);
        return this;
    }

    /// <summary>Adds an exception that keeps its type between processes. Called by generated code.</summary>
    public GrainManifest AddException<T>(Func<ExceptionShape<T>> create)
        where T : Exception
    {
        ArgumentNullException.ThrowIfNull(create);
        _exceptions[typeof(T)] = new ExceptionDescription(create);
        return this;
    }

    /// <summary>Adds a grain class. Called by generated code.</summary>
    /// <param name="grainType">The name of its kind.</param>
    /// <param name="create">Makes an object of it.</param>
    /// <exception cref="OrleansConfigurationException">Another class has that kind.</exception>
    public GrainManifest AddClass<TGrain>(string grainType, Func<IGrainServices, object> create)
        where TGrain : class
    {
        var description = new GrainClassDescription(typeof(TGrain), GrainType.Create(grainType), create);
        if (!_classes.TryAdd(description.GrainType, description) && _classes[description.GrainType].Type != typeof(TGrain))
        {
            throw new OrleansConfigurationException(
                $"Grain classes {_classes[description.GrainType].Type} and {typeof(TGrain)} are both of kind '{grainType}'; give one another [GrainType].");
        }

        return this;
    }

    /// <summary>The grains of the application: of its entry assembly and all that it was built with, and of every assembly that is loaded.</summary>
    internal static GrainManifest OfApplication()
    {
        var manifest = new GrainManifest();
        manifest.Add(typeof(GrainManifest).Assembly);
        if (Assembly.GetEntryAssembly() is { } entry) manifest.Add(entry);
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            if (!IsOfPlatform(assembly)) manifest.Add(assembly);
        }

        return manifest;
    }

    private static bool IsOfPlatform(Assembly assembly) =>
        assembly.IsDynamic || assembly.FullName is not { } name
        || name.StartsWith("System.", StringComparison.Ordinal)
        || name.StartsWith("Microsoft.", StringComparison.Ordinal);

    private void Add(Assembly assembly)
    {
        if (assembly.GetCustomAttribute<GrainManifestAttribute>() is not { } attribute || !_assemblies.Add(attribute.ManifestType)) return;
        ((GrainAssembly)Activator.CreateInstance(attribute.ManifestType)!).Describe(this);
    }
}

/// <summary>A grain interface.</summary>
internal sealed record GrainInterfaceDescription(Type Type, string Name, Func<GrainBinding, object> CreateProxy);

/// <summary>A grain class.</summary>
internal sealed record GrainClassDescription(Type Type, GrainType GrainType, Func<IGrainServices, object> Create);

/// <summary>A type that travels in messages.</summary>
internal sealed record SerializableDescription(string Name, Func<Codec> Create);

/// <summary>An exception that keeps its type.</summary>
internal sealed record ExceptionDescription(Func<ExceptionShape> Create);
