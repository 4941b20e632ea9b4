using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>The activations of one stateless worker on one silo: a call goes to an idle one, else to a new one, else around in turn.</summary>
internal sealed class WorkerPool(Silo silo, GrainClass grainClass, GrainId grainId)
{
    private readonly Lock _lock = new();
    private readonly List<Activation> _workers = [];
    private int _next;

    internal IReadOnlyList<Activation> Activations
    {
        get
        {
            lock (_lock) return [.. _workers];
        }
    }

    internal void Send(GrainCall call)
    {
        while (!Choose().TryReceive(call))
        {
            // That one has just ended and is no longer in the list.
        }
    }

    internal void Forget(Activation worker)
    {
        lock (_lock) _workers.Remove(worker);
    }

    private Activation Choose()
    {
        lock (_lock)
        {
            foreach (var worker in _workers)
            {
                if (!worker.IsBusy) return worker;
            }

            if (_workers.Count == 0 && silo.Status is not SiloStatus.Active) throw silo.Gone();
            if (_workers.Count < grainClass.MaxWorkers && silo.Status is SiloStatus.Active)
            {
                var worker = new Activation(silo, grainClass, grainId);
                _workers.Add(worker);
                return worker;
            }

            return _workers[_next++ % _workers.Count];
        }
    }
}
