using Orleans.Core;

namespace Orleans.Core
{
    /// <summary>A grain's link to one stored state.</summary>
    public interface IStorage
    {
        /// <summary>The version that was last read or written; null where nothing is stored.</summary>
        string? Etag { get; }

        /// <summary>Whether something is stored.</summary>
        bool RecordExists { get; }

        /// <summary>Removes what is stored, and makes the state new.</summary>
        /// <exception cref="Storage.InconsistentStateException">Another wrote since; the grain deactivates, to read afresh.</exception>
        Task ClearStateAsync();

        /// <inheritdoc cref="ClearStateAsync()"/>
        Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

        /// <summary>Stores the state.</summary>
        /// <exception cref="Storage.InconsistentStateException">Another wrote since; the grain deactivates, to read afresh.</exception>
        Task WriteStateAsync();

        /// <inheritdoc cref="WriteStateAsync()"/>
        Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

        /// <summary>Reads the state; what was changed and not written is lost.</summary>
        Task ReadStateAsync();

        /// <inheritdoc cref="ReadStateAsync()"/>
        Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();
    }

    /// <summary>A grain's link to one stored state of a known type.</summary>
    public interface IStorage<TState> : IStorage
    {
        /// <summary>The state.</summary>
        TState State { get; set; }
    }
}

namespace Orleans.Runtime
{
    /// <summary>One stored state of a grain; ask for it with <see cref="PersistentStateAttribute"/>. It has been read when the grain activates.</summary>
    public interface IPersistentState<TState> : IStorage<TState>;

    /// <summary>Marks a constructor parameter of type <see cref="IPersistentState{TState}"/>.</summary>
    /// <param name="stateName">What the state is called, unique in the grain class.</param>
    /// <param name="storageName">The storage; the default one where null.</param>
    [AttributeUsage(AttributeTargets.Parameter)]
    public class PersistentStateAttribute(string stateName, string? storageName = null) : Attribute
    {
        /// <summary>What the state is called.</summary>
        public string StateName { get; } = stateName;

        /// <summary>The storage; the default one where null.</summary>
        public string? StorageName { get; } = storageName;
    }
}
