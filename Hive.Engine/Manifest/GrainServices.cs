using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>Gives a grain's constructor what it asks for. Called by generated code.</summary>
public interface IGrainServices
{
    /// <summary>A service of the activation.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    T Get<T>()
        where T : notnull;

    /// <summary>A service of the activation, or null.</summary>
    T? GetOptional<T>();

    /// <summary>A service of the activation by its key.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    T GetKeyed<T>(object key)
        where T : notnull;

    /// <summary>A stored state of the activation.</summary>
    IPersistentState<TState> GetState<TState>(string stateName, string? storageName);
}

/// <inheritdoc/>
internal readonly struct GrainServices(Activation activation) : IGrainServices
{
    public T Get<T>()
        where T : notnull => FromEngine<T>() ?? activation.ActivationServices.GetRequiredService<T>();

    public T? GetOptional<T>() => FromEngine<T>() ?? activation.ActivationServices.GetService<T>();

    public T GetKeyed<T>(object key)
        where T : notnull => activation.ActivationServices.GetRequiredKeyedService<T>(key);

    public IPersistentState<TState> GetState<TState>(string stateName, string? storageName)
    {
        var state = new PersistentState<TState>(activation, stateName, activation.Silo.StorageOf(storageName, activation.Class));
        activation.Extras.States.Add(state);
        return state;
    }

    // What the engine has at hand needs no scope, which would be the largest part of a small activation.
    private T? FromEngine<T>()
    {
        if (typeof(T) == typeof(IGrainContext)) return (T)(object)activation;
        if (typeof(T) == typeof(IGrainFactory)) return (T)activation.Factory;
        return activation.Silo.IsSingleton(typeof(T)) ? activation.Owner.Services.GetService<T>() : default;
    }
}
