using Orleans.Runtime;

namespace Orleans
{
    /// <summary>A state with its version.</summary>
    public interface IGrainState<T>
    {
        /// <summary>The state.</summary>
        T State { get; set; }

        /// <summary>The version; null where nothing is stored.</summary>
        string? ETag { get; set; }

        /// <summary>Whether something is stored.</summary>
        bool RecordExists { get; set; }
    }

    /// <summary>A state with its version.</summary>
    public sealed class GrainState<T> : IGrainState<T>
    {
        /// <summary>An empty one.</summary>
        public GrainState()
        {
            State = default!;
        }

        /// <summary>One that is not stored yet.</summary>
        public GrainState(T state)
            : this(state, null!)
        {
        }

        /// <summary>One of a version.</summary>
        public GrainState(T state, string eTag)
        {
            State = state;
            ETag = eTag;
        }

        /// <inheritdoc/>
        public T State { get; set; }

        /// <inheritdoc/>
        public string? ETag { get; set; }

        /// <inheritdoc/>
        public bool RecordExists { get; set; }
    }
}

namespace Orleans.Storage
{
    /// <summary>Where grains' states are kept. Implementations are used by many threads at once.</summary>
    public interface IGrainStorage
    {
        /// <summary>Reads into <paramref name="grainState"/>: state, ETag and <see cref="IGrainState{T}.RecordExists"/>.</summary>
        Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <inheritdoc cref="ReadStateAsync{T}(string, GrainId, IGrainState{T})"/>
        Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
            ReadStateAsync(stateName, grainId, grainState);

        /// <summary>Writes, if the stored ETag is still that of <paramref name="grainState"/>, and sets the new one there.</summary>
        /// <exception cref="InconsistentStateException">It is another.</exception>
        Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <inheritdoc cref="WriteStateAsync{T}(string, GrainId, IGrainState{T})"/>
        Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
            WriteStateAsync(stateName, grainId, grainState);

        /// <summary>Removes, if the stored ETag is still that of <paramref name="grainState"/>, and makes the latter new.</summary>
        /// <exception cref="InconsistentStateException">It is another.</exception>
        Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <inheritdoc cref="ClearStateAsync{T}(string, GrainId, IGrainState{T})"/>
        Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
            ClearStateAsync(stateName, grainId, grainState);
    }
}
