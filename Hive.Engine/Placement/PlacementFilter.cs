using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Orleans.Placement
{
    /// <summary>The base of attributes that narrow the silos on which a grain class may live.</summary>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public abstract class PlacementFilterAttribute : Attribute
    {
        /// <summary>Names the strategy.</summary>
        protected PlacementFilterAttribute(PlacementFilterStrategy placement)
        {
            ArgumentNullException.ThrowIfNull(placement);
            PlacementFilterStrategy = placement;
        }

        /// <summary>The strategy.</summary>
        public PlacementFilterStrategy PlacementFilterStrategy { get; }
    }

    /// <summary>Names a way of narrowing silos, and carries its settings. Derived classes need a constructor without parameters.</summary>
    public abstract class PlacementFilterStrategy
    {
        /// <summary>Sets the place among several filters; lower ones run first, and no two of one class may share a place.</summary>
        protected PlacementFilterStrategy(int order) => Order = order;

        /// <summary>The place among several filters.</summary>
        public int Order { get; }
    }

    /// <summary>Carries out a <see cref="PlacementFilterStrategy"/>.</summary>
    public interface IPlacementFilterDirector
    {
        /// <summary>Gives those of <paramref name="silos"/> on which the grain may live. It must be a plain function of its arguments and the silos' metadata.</summary>
        IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos);
    }

    /// <summary>Registers filters.</summary>
    public static class PlacementFilterExtensions
    {
        /// <summary>Says which director carries out a strategy.</summary>
        public static IServiceCollection AddPlacementFilter<TFilter, TDirector>(this IServiceCollection services, ServiceLifetime strategyLifetime)
            where TFilter : PlacementFilterStrategy
            where TDirector : class, IPlacementFilterDirector
        {
            services.Add(ServiceDescriptor.DescribeKeyed(typeof(PlacementFilterStrategy), typeof(TFilter).Name, typeof(TFilter), strategyLifetime));
            services.TryAddKeyedSingleton<IPlacementFilterDirector, TDirector>(typeof(TFilter));
            return services;
        }
    }
}

namespace Orleans.Runtime.Placement
{
    /// <summary>The grain that is to be placed.</summary>
    public readonly struct PlacementTarget
    {
        internal PlacementTarget(GrainId grainIdentity) => GrainIdentity = grainIdentity;

        /// <summary>Its identity.</summary>
        public GrainId GrainIdentity { get; }
    }
}
