using Hive.Engine;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Streams;

namespace Orleans.Streams
{
    /// <summary>Gives streams by key.</summary>
    public static class StreamProviderExtensions
    {
        /// <summary>A stream by a GUID.</summary>
        public static IAsyncStream<T> GetStream<T>(this IStreamProvider streamProvider, Guid id) => streamProvider.GetStream<T>(StreamId.Create(null, id));

        /// <summary>A stream by a name.</summary>
        public static IAsyncStream<T> GetStream<T>(this IStreamProvider streamProvider, string id) => streamProvider.GetStream<T>(StreamId.Create(null, id));

        /// <summary>A stream of a namespace by a GUID.</summary>
        public static IAsyncStream<T> GetStream<T>(this IStreamProvider streamProvider, string ns, Guid id) => streamProvider.GetStream<T>(StreamId.Create(ns, id));

        /// <summary>A stream of a namespace by a name.</summary>
        public static IAsyncStream<T> GetStream<T>(this IStreamProvider streamProvider, string ns, string id) => streamProvider.GetStream<T>(StreamId.Create(ns, id));
    }
}

namespace Orleans
{
    /// <summary>Stream providers of grains.</summary>
    public static class GrainStreamingExtensions
    {
        /// <summary>The stream provider of that name.</summary>
        /// <exception cref="KeyNotFoundException">The silo has none of that name.</exception>
        public static IStreamProvider GetStreamProvider(this Grain grain, string name) => GetStreamProvider((IGrainBase)grain, name);

        /// <inheritdoc cref="GetStreamProvider(Grain, string)"/>
        public static IStreamProvider GetStreamProvider(this IGrainBase grain, string name)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
            return grain.GrainContext.ActivationServices.GetKeyedService<IStreamProvider>(name)
                ?? throw new KeyNotFoundException($"There is no stream provider '{name}': call AddMemoryStreams(\"{name}\") where the silo is built.");
        }
    }

    /// <summary>Stream providers of clients.</summary>
    public static class ClientStreamingExtensions
    {
        /// <summary>The stream provider of that name.</summary>
        /// <exception cref="KeyNotFoundException">The client has none of that name.</exception>
        public static IStreamProvider GetStreamProvider(this IClusterClient client, string name)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
            return client.ServiceProvider.GetKeyedService<IStreamProvider>(name)
                ?? throw new KeyNotFoundException($"There is no stream provider '{name}': call AddMemoryStreams(\"{name}\") where the client is built.");
        }
    }
}
