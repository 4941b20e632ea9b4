using System.Runtime.CompilerServices;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Hive.Engine;

/// <inheritdoc/>
internal sealed class PersistentState<TState>(Activation activation, string name, IGrainStorage storage) : IPersistentState<TState>, IReadBeforeActivation
{
    private readonly GrainState<TState> _state = new(Create());

    public TState State
    {
        get => _state.State;
        set => _state.State = value;
    }

    public string? Etag => _state.ETag;

    public bool RecordExists => _state.RecordExists;

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);

    public Task ReadStateAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken);

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task WriteStateAsync(CancellationToken cancellationToken) =>
        ChangeAsync(() => storage.WriteStateAsync(name, GrainIdIfAlive(), _state, cancellationToken));

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public Task ClearStateAsync(CancellationToken cancellationToken) =>
        ChangeAsync(() => storage.ClearStateAsync(name, GrainIdIfAlive(), _state, cancellationToken));

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        await storage.ReadStateAsync(name, GrainIdIfAlive(), _state, cancellationToken);
        if (_state.State is null) _state.State = Create();
    }

    private static TState Create() => typeof(TState) switch
    {
        { IsValueType: true } => default!,
        var type when type == typeof(string) || type.IsArray => default!,
        var type when type.GetConstructor(Type.EmptyTypes) is not null => Activator.CreateInstance<TState>(),
        var type => (TState)RuntimeHelpers.GetUninitializedObject(type),
    };

    /// <summary>A grain of a silo that was killed must not write any more, as it could not if its process had died.</summary>
    private GrainId GrainIdIfAlive() => activation.Owner.IsDead ? throw activation.Owner.Gone() : activation.GrainId;

    private async Task ChangeAsync(Func<Task> change)
    {
        try
        {
            await change();
            if (_state.State is null) _state.State = Create();
        }
        catch (InconsistentStateException exception)
        {
            // What this activation believes is out of date: its next life reads afresh.
            activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationError, exception, $"The state '{name}' was changed by another."));
            throw;
        }
    }
}
