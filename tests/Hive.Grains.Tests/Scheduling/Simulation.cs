using Hive.Scheduling;

namespace Hive.Grains.Tests.Scheduling;

/// <summary>Silos that take <c>1 / speed</c> seconds a task and core, on a clock of their own: what happens next happens next.</summary>
internal sealed class Simulation
{
    private readonly SiloScheduler _scheduler = new();
    private readonly Dictionary<string, double> _speeds;
    private readonly int _cores;
    private readonly PriorityQueue<Assignment, (double, int)> _ends = new();
    private readonly Dictionary<string, double[]> _freeAt;
    private double _now;
    private int _events;

    public Simulation(Dictionary<string, double> speeds, int cores)
    {
        (_speeds, _cores) = (speeds, cores);
        Finished = speeds.Keys.ToDictionary(name => name, _ => 0);
        _freeAt = speeds.Keys.ToDictionary(name => name, _ => new double[cores]);
        _scheduler.Observe([.. speeds.Keys.Select(name => SiloSchedulerTests.Silo(name, cores))], 0);
    }

    public Dictionary<string, int> Finished { get; }

    public List<string> Decisions { get; } = [];

    public bool WasOverfull { get; private set; }

    /// <summary>One round of tasks, to its end.</summary>
    public void Run(int tasks, bool remembers = false, int agents = int.MaxValue)
    {
        _scheduler.Offer([.. Enumerable.Range(0, tasks).Select(i => SiloSchedulerTests.Task(i, remembers) with { Agent = i % agents })], _now);
        Give();
        while (_ends.TryDequeue(out var assignment, out var end))
        {
            _now = end.Item1;
            Finished[assignment.Silo.Name]++;
            _scheduler.Finish(assignment, 1, 1 / _speeds[assignment.Silo.Name], _now);
            Give();
        }
    }

    private void Give()
    {
        while (_scheduler.Next(_now) is { } assignment)
        {
            var name = assignment.Silo.Name;
            Decisions.Add($"{assignment.Task.Index}@{name}");
            WasOverfull |= assignment.Silo.Outstanding > assignment.Silo.Places || assignment.Silo.Outstanding > 1_024 * _cores;
            var cores = _freeAt[name];
            var core = Array.IndexOf(cores, cores.Min());
            cores[core] = Math.Max(_now, cores[core]) + (1 / _speeds[name]);
            _ends.Enqueue(assignment, (cores[core], _events++));
        }
    }
}
