using Orleans.Runtime;

namespace Orleans.Placement
{
    /// <summary>The base of attributes that say where a grain class's activations go.</summary>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
    public abstract class PlacementAttribute : Attribute
    {
        /// <summary>Names the strategy.</summary>
        protected PlacementAttribute(PlacementStrategy placement)
        {
            ArgumentNullException.ThrowIfNull(placement);
            PlacementStrategy = placement;
        }

        /// <summary>The strategy.</summary>
        public PlacementStrategy PlacementStrategy { get; }
    }
}

namespace Orleans.Runtime
{
    /// <summary>Says where activations go.</summary>
    public abstract class PlacementStrategy;

    /// <summary>Several activations an identity, on the caller's silo.</summary>
    internal sealed class StatelessWorkerPlacement : PlacementStrategy
    {
        internal StatelessWorkerPlacement(int maxLocal)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(maxLocal, 1);
            MaxLocal = maxLocal;
        }

        internal int MaxLocal { get; }
    }
}
