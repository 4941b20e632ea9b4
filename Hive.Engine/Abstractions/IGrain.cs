using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>Anything that a message can be addressed to: a grain or an observer.</summary>
    public interface IAddressable;
}

namespace Orleans
{
    /// <summary>The root of all grain interfaces. Every method returns a task or an async stream.</summary>
    public interface IGrain : IAddressable;

    /// <summary>A grain known by a string.</summary>
    public interface IGrainWithStringKey : IGrain;

    /// <summary>A grain known by a <see cref="Guid"/>.</summary>
    public interface IGrainWithGuidKey : IGrain;

    /// <summary>A grain known by a 64-bit integer.</summary>
    public interface IGrainWithIntegerKey : IGrain;

    /// <summary>
    /// The root of interfaces by which a grain calls back an ordinary object; see <see cref="IGrainFactory.CreateObjectReference{TGrainObserverInterface}"/>.
    /// </summary>
    public interface IGrainObserver : IAddressable;
}
