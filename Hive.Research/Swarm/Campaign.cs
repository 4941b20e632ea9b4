using Hive.Basins;
using Hive.Randomness;
using Hive.Research;

namespace Hive.Swarm;

/// <summary>
/// A campaign as the results recorded so far tell it. It is told results in whatever order they come and takes them in the order of experiments, so that one specification
/// and seed always give the same campaign: how fast a run was, and where it ran, changes nothing. It knows no clock, no storage and no grain.
/// </summary>
/// <remarks>
/// Time is counted in ticks. At tick k the result of experiment k − window is taken in, checks that are due at k are judged, and experiment k is thought of. A check begins
/// when its claim is taken in and is due one window later. Tick k is over once all that it needs has arrived.
/// </remarks>
public sealed class Campaign
{
    private readonly TechniqueSpace _space;
    private readonly Configuration _baseline;
    private readonly Hypothesizer _hypothesizer;
    private readonly Society _society;
    private readonly Hostility _hostility;
    private readonly CanonicalBasin _basin;
    private readonly List<Experiment> _experiments = [];
    private readonly SortedDictionary<TaskId, ResearchTask> _wanted = [];
    private readonly Dictionary<TaskId, ExperimentResult> _arrived = [];
    private int _tick;

    /// <summary>A campaign before its first result, whose agents know nothing.</summary>
    /// <param name="spec">What decides it.</param>
    /// <param name="domain">The field: its space, direction and baseline alone are asked for here; nothing is run.</param>
    /// <exception cref="ArgumentException">The specification is not valid.</exception>
    public Campaign(CampaignSpec spec, IResearchDomain domain)
        : this(spec, domain, SamplingPrior.Even(new BasinSpace(domain.Space)))
    {
    }

    /// <summary>A campaign before its first result, whose agents begin with a basin.</summary>
    /// <param name="spec">What decides it.</param>
    /// <param name="domain">The field.</param>
    /// <param name="basin">What they believe.</param>
    /// <exception cref="ArgumentException">The specification is not valid.</exception>
    /// <exception cref="BasinRefusedException">The basin is of another domain, of other data or of other techniques.</exception>
    public Campaign(CampaignSpec spec, IResearchDomain domain, BasinPacket basin)
        : this(spec, domain, SamplingPrior.Given(basin.PointIn(new BasinSpace(domain.Space)), basin.Record.Experiments), basin)
    {
    }

    private Campaign(CampaignSpec spec, IResearchDomain domain, SamplingPrior prior, BasinPacket? basin = null)
    {
        spec.Validate();
        Spec = spec;
        Direction = domain.Direction;
        (_space, _baseline) = (domain.Space, domain.Baseline);
        _hypothesizer = new Hypothesizer(domain.Space, domain.Direction);
        _basin = new CanonicalBasin(domain, basin, spec.HasDefences);
        _society = new Society(spec, domain.Direction, prior, _basin);
        _hostility = new Hostility(spec, domain);
        Advance();
    }

    /// <summary>What decides it.</summary>
    public CampaignSpec Spec { get; }

    /// <summary>Which way is better.</summary>
    public Direction Direction { get; }

    /// <summary>The experiments thought of so far, by number.</summary>
    public IReadOnlyList<Experiment> Experiments => _experiments;

    /// <summary>How many experiments were taken in, in order.</summary>
    public int Taken => Math.Clamp(_tick - Spec.Window, 0, _experiments.Count);

    /// <summary>The papers so far.</summary>
    public IReadOnlyList<Paper> Papers => _society.Papers;

    /// <summary>The best result that others replicated, or the baseline's while there is none; null before that.</summary>
    public Experiment? Incumbent => _society.Incumbent;

    /// <summary>The best that stands: the incumbent, or where nobody reviews the best value that was told; null where there is none.</summary>
    public Experiment? Best => _society.HasReviewers ? Incumbent : Bests is [.., var last] ? last : null;

    /// <summary>The results each of which was the best when its turn came, by number. What was struck, or did not replicate, is not among them.</summary>
    public IReadOnlyList<Experiment> Bests
    {
        get
        {
            var bests = new List<Experiment>();
            foreach (var experiment in _experiments.Where(experiment => experiment.Standing is Standing.Believed or Standing.Replicated))
            {
                if (bests.Count == 0 || IsBetter(experiment.Value, bests[^1].Value)) bests.Add(experiment);
            }

            return bests;
        }
    }

    /// <summary>The canonical basin: what the campaign has learnt, as far as breakthroughs bear it out.</summary>
    public BasinPacket Basin => _basin.Packet;

    /// <summary>How many runs served to check others' results.</summary>
    public int Reviews { get; private set; }

    /// <summary>The runs that are waited for: checks first, then experiments by number.</summary>
    public IEnumerable<ResearchTask> Wanted => _wanted.Values.OrderBy(task => task.Id.IsExperiment).ThenBy(task => task.Id);

    /// <summary>A run that is waited for; null where nobody waits for one of this id.</summary>
    /// <param name="id">The task's id.</param>
    public ResearchTask? Find(TaskId id) => _wanted.GetValueOrDefault(id);

    /// <summary>Whether everything has been run, taken in and judged.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Whether a value is better than another.</summary>
    /// <param name="value">The one.</param>
    /// <param name="other">The other.</param>
    public bool IsBetter(double value, double other) => Direction == Direction.Maximize ? value > other : value < other;

    /// <summary>Tells the campaign what a run gave.</summary>
    /// <param name="id">The task.</param>
    /// <param name="result">What it gave.</param>
    /// <returns>False where nobody waits for it: it was told before, or is no task of this campaign; then nothing changes.</returns>
    public bool Record(TaskId id, ExperimentResult result)
    {
        if (!_wanted.Remove(id)) return false;
        _arrived.Add(id, Checked(result));
        if (!id.IsExperiment) Reviews++;
        Advance();
        return true;
    }

    /// <summary>A value that is none is a failure, whatever the domain says.</summary>
    private static ExperimentResult Checked(ExperimentResult result) =>
        result.Failure is null && !double.IsFinite(result.Value) ? ExperimentResult.Failed(result.Work, "the value is not a finite number") : result;

    private void Advance()
    {
        while (!IsEnded && HasAll(_tick))
        {
            var taken = _tick - Spec.Window;
            if (taken >= 0 && taken < Spec.Experiments) TakeIn(_experiments[taken]);
            foreach (var check in _society.Due(_tick)) Judge(check);
            Ask(_society.Open(_tick, isLast: taken >= Spec.Experiments - 1));
            if (_tick < Spec.Experiments) Think(_tick);
            _tick++;
            IsEnded = _tick >= Spec.Experiments + Spec.Window && _society.IsAtRest;
            if (IsEnded) _society.Close(Spec.Experiments);
        }
    }

    private bool HasAll(int tick)
    {
        var taken = tick - Spec.Window;
        var needsRun = taken >= 0 && taken < Spec.Experiments && !Spec.IsHostile(_experiments[taken].Agent);
        return (!needsRun || _arrived.ContainsKey(new TaskId(taken, TaskId.Itself)))
            && _society.Due(tick).All(check => check.Tasks.All(task => _arrived.ContainsKey(task.Id)));
    }

    private void TakeIn(Experiment experiment)
    {
        if (Spec.IsHostile(experiment.Agent))
        {
            if (Spec.IsHostileSilent) return;
            _society.Receive(experiment, _tick);
            _society.Push(experiment.Agent, _hostility.Pull, experiment.Number + 1);
        }
        else
        {
            _arrived.Remove(new TaskId(experiment.Number, TaskId.Itself), out var result);
            (experiment.Value, experiment.Work, experiment.Failure) = (result!.Value, result.Work, result.Failure);
            _society.Receive(experiment, _tick);
        }
    }

    private void Judge(Check check)
    {
        var results = new double[check.Tasks.Length];
        for (var i = 0; i < results.Length; i++)
        {
            _arrived.Remove(check.Tasks[i].Id, out var result);
            results[i] = result!.Failure is null ? result.Value : double.NaN;
        }

        _society.Judge(check, results, Taken);
    }

    private void Ask(IEnumerable<Check> opened)
    {
        foreach (var task in opened.SelectMany(check => check.Tasks)) _wanted.Add(task.Id, task);
    }

    private void Think(int number)
    {
        var agent = number % Spec.Agents;
        var seed = SeededRandom.Mix(Spec.Seed, (ulong)number);
        if (Spec.IsHostile(agent))
        {
            _experiments.Add(_hostility.Lie(number, agent, seed, _society.BestOf(agent), _experiments.Count > 0 ? _experiments[0].Value : double.NaN));
            return;
        }

        var random = new SeededRandom(SeededRandom.Mix(seed, 1));
        var hypothesis = number == 0 ? new Hypothesis(_baseline, HypothesisSource.Baseline) : _hypothesizer.Next(_society.KnowledgeOf(agent), UnderWay(number, agent), random);
        var experiment = new Experiment(number, agent, hypothesis, seed, isSimulatedLie: false);
        _experiments.Add(experiment);
        _society.KnowledgeOf(agent).Tried.Add(experiment.Configuration);
        var task = new ResearchTask(new TaskId(number, TaskId.Itself), agent, experiment.Configuration, seed, DataPart.Validation);
        _wanted.Add(task.Id, task);
    }

    /// <summary>What the plan has under way, as far as the agent is told of it. Hostile agents follow no plan, so theirs is not among it.</summary>
    private Configuration[] UnderWay(int number, int agent) =>
        [.. _experiments.Skip(Math.Max(0, number - Spec.Window + 1))
            .Where(experiment => !experiment.IsSimulatedLie && (!Spec.IsIsolated || experiment.Agent == agent))
            .Select(experiment => experiment.Configuration)];
}
