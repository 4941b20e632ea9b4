using Hive.Silos;

namespace Hive.Scheduling;

/// <summary>
/// One silo as a goal's scheduler sees it: what it has of the goal's work, how fast it was with what it finished, and so how much of the rest is its share.
/// </summary>
/// <remarks>
/// Of finished attempts, discounted by age, it keeps the work W, the seconds at work C and the seconds from dispatch to answer R.
/// <c>compute rate = cores × W / C</c>; <c>network rate = places × W / R</c>, which is what Little's law lets through with that many under way;
/// <c>weight = min(compute rate, network rate)</c>, after SWARM parallelism (Ryabinin et al., 2023). The oldest attempt under way bounds it at once:
/// a silo that has held w units of work for t seconds is not faster than <c>places × w / t</c>.
/// </remarks>
internal sealed class SiloLoad(SiloAnnouncement silo, int rank)
{
    /// <summary>How much work may wait at a silo, so that it is not idle while an answer and the next task travel, in seconds.</summary>
    private const double PipelineSeconds = 0.05;

    private const int FewestPlacesPerCore = 2;
    private const int MostPlacesPerCore = 1_024;
    private const double Discount = 0.9;
    private const double FirstPause = 0.5;
    private const double LongestPause = 30;

    private readonly LinkedList<Assignment> _underWay = new();
    private double _attempts;
    private double _work;
    private double _secondsAtWork;
    private double _secondsToAnswer;
    private double _pause;

    public string Name => Silo.Name;

    /// <summary>What it announced last.</summary>
    public SiloAnnouncement Silo { get; private set; } = silo;

    /// <summary>Which of two equal silos comes first.</summary>
    public int Rank { get; } = rank;

    /// <summary>Up to where its share of the work is given out, on the lane's virtual clock.</summary>
    public double Due { get; set; }

    /// <summary>Whether its entry on the lane's heap is the latest.</summary>
    public int Version { get; set; }

    /// <summary>Whether it is among those that wait for a task.</summary>
    public bool IsOffered { get; set; }

    public bool IsGone { get; set; }

    /// <summary>Until when it gets nothing, because calls to it failed.</summary>
    public double PausedUntil { get; private set; }

    public IEnumerable<Assignment> UnderWay => _underWay;

    public int Outstanding => _underWay.Count;

    /// <summary>How many attempts may be under way on it: two a core, and more where they are so short that the line would be the bound.</summary>
    public int Places => Silo.Cores * PlacesPerCore;

    public bool HasPlace(double now) => _underWay.Count < Places && PausedUntil <= now;

    public bool IsMeasured => _attempts > 0;

    /// <summary>The share that its cores promise while nothing was timed.</summary>
    public double Promise(double speedOfOthers) => Silo.Cores * (Silo.CoreSpeed > 0 && speedOfOthers > 0 ? Math.Clamp(Silo.CoreSpeed / speedOfOthers, 0.125, 8) : 1);

    /// <summary>The rate that finished attempts show, in work a second; the stall of what is under way not counted.</summary>
    public double MeasuredRate => Math.Min(
        Silo.Cores * _work / Math.Max(_secondsAtWork, 1e-9),
        Places * _work / Math.Max(_secondsToAnswer, 1e-9));

    /// <summary>The weight: the measured or promised rate, or what the oldest attempt under way still allows.</summary>
    public double Weight(double rate, double now) =>
        _underWay.First is { Value: var oldest } && now > oldest.Began
            ? Math.Min(rate, Math.Max(Places * oldest.Work / (now - oldest.Began), rate * 1e-6))
            : rate;

    public void Hear(SiloAnnouncement announcement) => Silo = announcement;

    public void Begin(Assignment assignment) => assignment.Node = _underWay.AddLast(assignment);

    /// <summary>An attempt ended, however it did.</summary>
    public void End(Assignment assignment)
    {
        if (assignment.Node is { } node)
        {
            _underWay.Remove(node);
            assignment.Node = null;
        }
    }

    /// <summary>What an attempt that came back shows of the silo's speed.</summary>
    /// <param name="work">How much it did.</param>
    /// <param name="atWork">How long it was at work, as the silo says; not believed beyond the time it was away.</param>
    /// <param name="toAnswer">How long it was away, in seconds.</param>
    public void Measure(double work, double atWork, double toAnswer)
    {
        _pause = 0;
        if (!(work > 0) || !(toAnswer >= 0))
        {
            return;
        }

        _attempts = (_attempts * Discount) + 1;
        _work = (_work * Discount) + work;
        _secondsAtWork = (_secondsAtWork * Discount) + (atWork >= 0 ? Math.Min(atWork, toAnswer) : toAnswer);
        _secondsToAnswer = (_secondsToAnswer * Discount) + toAnswer;
    }

    /// <summary>A call to it failed: it gets nothing for a while, each time twice as long.</summary>
    public void Pause(double now)
    {
        // What fails together counts once.
        if (PausedUntil <= now)
        {
            _pause = Math.Min(LongestPause, _pause == 0 ? FirstPause : 2 * _pause);
            PausedUntil = now + _pause;
        }
    }

    private int PlacesPerCore => _attempts == 0
        ? FewestPlacesPerCore
        : (int)Math.Clamp(PipelineSeconds * _attempts / Math.Max(_secondsAtWork, 1e-9), FewestPlacesPerCore, MostPlacesPerCore);
}
