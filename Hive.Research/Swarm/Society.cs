using System.Collections.Immutable;
using Hive.Basins;
using Hive.Randomness;
using Hive.Research;
using Hive.Statistics;

namespace Hive.Swarm;

/// <summary>
/// What the agents make of one another's results. Whoever would be the best is run again as it was, by another agent, before anybody builds on it (an audit); the best that
/// then stands clear of what was replicated becomes a claim, which three others try to replicate (a review). Word that does not hold costs its author trust.
/// </summary>
/// <param name="spec">What decides the campaign.</param>
/// <param name="direction">Which way is better.</param>
/// <param name="prior">The basin that agents begin with.</param>
/// <param name="basin">The basin that breakthroughs move.</param>
internal sealed class Society(CampaignSpec spec, Direction direction, SamplingPrior prior, CanonicalBasin basin)
{
    /// <summary>The trust below which nobody listens to an agent: two words broken and none kept.</summary>
    private const double LeastTrust = 0.3;

    /// <summary>The part of what was gained since the baseline that a claim must gain on top.</summary>
    private const double LeastProgress = 0.05;

    /// <summary>How many standard deviations of the noise a claim must gain.</summary>
    private const double NoiseMargin = 2;

    /// <summary>The experiments for each of which one paper may be written: reviews cost a quarter of the experiments' work at most, but for those of the last results.</summary>
    private const int ExperimentsAPaper = 24;
    private const int MostLastPapers = 4;

    private readonly Knowledge _shared = new(direction, prior);
    private readonly Dictionary<int, Knowledge> _own = [];
    private readonly Dictionary<int, Reputation> _reputations = [];
    private readonly Dictionary<int, Experiment> _candidates = [];
    private readonly List<Check> _checks = [];
    private readonly List<Check> _opened = [];
    private readonly List<Paper> _papers = [];
    private readonly ReviewNoise _noise = new();
    private Experiment? _baseline;

    public IReadOnlyList<Paper> Papers => _papers;

    public Experiment? Incumbent { get; private set; }

    /// <summary>Whether no check is under way and none is to be opened.</summary>
    public bool IsAtRest => _checks.Count == 0;

    public bool HasReviewers => !spec.IsIsolated && spec.HasDefences && spec.Agents > PeerReview.Reviewers;

    public Knowledge KnowledgeOf(int agent)
    {
        if (!spec.IsIsolated) return _shared;
        if (_own.TryGetValue(agent, out var own)) return own;
        own = new Knowledge(direction, prior);
        if (_baseline is { } baseline && agent != baseline.Agent) own.Believe(baseline.Number, baseline.Configuration, baseline.Value);
        return _own[agent] = own;
    }

    public Known? BestOf(int agent) => KnowledgeOf(agent).Best;

    /// <summary>The checks that are due.</summary>
    public IEnumerable<Check> Due(int tick) => _checks.Where(check => check.Due == tick).ToArray();

    /// <summary>Hears a result.</summary>
    public void Receive(Experiment experiment, int tick)
    {
        if (!IsTrusted(experiment.Agent))
        {
            experiment.Standing = Standing.Struck;
        }
        else if (experiment.Failure is not null)
        {
            experiment.Standing = Standing.Failed;
            KnowledgeOf(experiment.Agent).Believe(experiment.Number, experiment.Configuration, double.NaN);
        }
        else if (Incumbent is null)
        {
            (_baseline, Incumbent) = (experiment, experiment);
            Believe(experiment);
            foreach (var (agent, own) in _own.Where(pair => pair.Key != experiment.Agent)) own.Believe(experiment.Number, experiment.Configuration, experiment.Value);
        }
        else if (HasReviewers && BestOf(experiment.Agent) is { } best && Gain(experiment.Value, best.Value) > Margin())
        {
            (experiment.Standing, experiment.WasAudited) = (Standing.UnderAudit, true);
            var auditor = Others(experiment, 1, tick)[0];
            var audit = new ResearchTask(new TaskId(experiment.Number, 0), auditor, experiment.Configuration, experiment.Seed, DataPart.Validation);
            Begin(new Check(experiment, null, tick + spec.Window, [audit], best.Value));
        }
        else
        {
            Believe(experiment);
        }
    }

    /// <summary>Begins what is to be checked; a claim is opened where no other is under review.</summary>
    /// <param name="tick">Now.</param>
    /// <param name="isLast">Whether no more results will come: then whatever is best is reviewed, by however little.</param>
    public IEnumerable<Check> Open(int tick, bool isLast)
    {
        var most = 1 + (spec.Experiments / ExperimentsAPaper) + (isLast ? MostLastPapers : 0);
        if (HasReviewers && _checks.All(check => check.Paper is null) && _papers.Count < most && FindClaim(isLast) is { } claim) Claim(claim, tick);
        var opened = _opened.ToArray();
        _opened.Clear();
        return opened;
    }

    /// <summary>A delta that rests on nothing.</summary>
    public void Push(int agent, BasinPoint belief, int experiments) => basin.Push(agent, belief, TrustIn(agent), experiments);

    /// <summary>The campaign is over.</summary>
    public void Close(int experiments)
    {
        if (_papers.LastOrDefault(paper => paper.Review is { IsBreakthrough: true }) is { } last) basin.Close(last.Claim, KnowledgeOf(last.Claim.Agent).Prior.Point, TrustIn(last.Claim.Agent), experiments);
    }

    /// <summary>Judges a check whose runs are all there.</summary>
    /// <param name="check">The check.</param>
    /// <param name="results">What its tasks gave, in their order; not a number where one gave nothing.</param>
    /// <param name="experiments">How many experiments were taken in.</param>
    public void Judge(Check check, double[] results, int experiments)
    {
        _checks.Remove(check);
        if (check.Paper is { } paper) Judge(paper, check, results, experiments);
        else JudgeAudit(check, results[0]);
    }

    private void JudgeAudit(Check check, double again)
    {
        var experiment = check.Claim;
        var holds = double.IsFinite(again) && Gain(again, check.BestBefore) >= Gain(experiment.Value, check.BestBefore) / 2;
        Remember(experiment.Agent, holds);
        if (!holds)
        {
            experiment.Standing = Standing.Struck;
            return;
        }

        // Where the domain is noisy in spite of its promise, the worse of the two is believed.
        if (Gain(again, experiment.Value) < 0) experiment.Value = again;
        Believe(experiment);
    }

    private void Judge(Paper paper, Check check, double[] results, int experiments)
    {
        var claim = ImmutableArray.CreateBuilder<double>();
        var incumbent = ImmutableArray.CreateBuilder<double>();
        for (var i = 0; i < results.Length; i += 2)
        {
            claim.Add(results[i]);
            incumbent.Add(results[i + 1]);
        }

        var review = PeerReview.Judge(direction, [.. check.Tasks.Where((_, i) => i % 2 == 0).Select(task => task.Agent)], claim.ToImmutable(), incumbent.ToImmutable());
        _papers[paper.Number - 1] = paper with { Review = review };
        Remember(paper.Claim.Agent, review.IsReplicated);
        if (!review.IsReplicated)
        {
            paper.Claim.Standing = Standing.NotReplicated;
            KnowledgeOf(paper.Claim.Agent).Doubt(paper.Claim.Number);
            return;
        }

        paper.Claim.Standing = Standing.Replicated;
        Incumbent = paper.Claim;
        _noise.Learn(review);
        if (review.IsBreakthrough) basin.BreakThrough(paper.Claim, KnowledgeOf(paper.Claim.Agent).Prior.Point, TrustIn(paper.Claim.Agent), experiments);
    }

    private void Believe(Experiment experiment)
    {
        experiment.Standing = Standing.Believed;
        KnowledgeOf(experiment.Agent).Believe(experiment.Number, experiment.Configuration, experiment.Value);
        if (Incumbent is not { } incumbent || Gain(experiment.Value, incumbent.Value) <= 0) return;
        if (spec.HasDefences || spec.IsIsolated) _candidates[experiment.Number] = experiment;
        else BelieveAtOnce(experiment);
    }

    /// <summary>Without defences whoever says that it is the best is, and moves the basin.</summary>
    private void BelieveAtOnce(Experiment experiment)
    {
        Incumbent = experiment;
        if (!experiment.IsSimulatedLie) basin.Push(experiment.Agent, KnowledgeOf(experiment.Agent).Prior.Point, 1, experiment.Number + 1);
    }

    private Experiment? FindClaim(bool isLast)
    {
        var best = _candidates.Values.OrderByDescending(experiment => Gain(experiment.Value, Incumbent!.Value)).ThenBy(experiment => experiment.Number).FirstOrDefault();
        return best is not null && Gain(best.Value, Incumbent!.Value) > (isLast ? 0 : Margin()) ? best : null;
    }

    private double Margin() => Math.Max(NoiseMargin * _noise.Deviation, LeastProgress * Math.Abs(Incumbent!.Value - _baseline!.Value));

    private void Claim(Experiment experiment, int tick)
    {
        var paper = new Paper(_papers.Count + 1, experiment, Incumbent!, null);
        _papers.Add(paper);
        foreach (var number in _candidates.Where(pair => pair.Key == experiment.Number || Gain(pair.Value.Value, experiment.Value) < 0).Select(pair => pair.Key).ToArray()) _candidates.Remove(number);
        var tasks = ImmutableArray.CreateBuilder<ResearchTask>();
        foreach (var reviewer in Others(experiment, PeerReview.Reviewers, tick))
        {
            // The seed belongs to the run and not to the reviewer: who reviews does not decide what is measured.
            var seed = SeededRandom.Mix(SeededRandom.Mix(spec.Seed, ~(ulong)experiment.Number), (ulong)tasks.Count);
            tasks.Add(new ResearchTask(new TaskId(experiment.Number, tasks.Count + 1), reviewer, experiment.Configuration, seed, DataPart.Test));
            tasks.Add(new ResearchTask(new TaskId(experiment.Number, tasks.Count + 1), reviewer, Incumbent!.Configuration, seed, DataPart.Test));
        }

        Begin(new Check(experiment, paper, tick + spec.Window, tasks.ToImmutable(), Incumbent!.Value));
    }

    private void Begin(Check check)
    {
        _checks.Add(check);
        _opened.Add(check);
    }

    /// <summary>Agents other than the author, different from one another, trusted as far as there are enough.</summary>
    private int[] Others(Experiment experiment, int count, int tick)
    {
        var random = new SeededRandom(SeededRandom.Mix(SeededRandom.Mix(spec.Seed, (ulong)tick), (ulong)experiment.Number));
        var chosen = new List<int>(count);
        for (var draws = 0; chosen.Count < count; draws++)
        {
            var agent = random.NextInt(spec.Agents);
            if (agent != experiment.Agent && !chosen.Contains(agent) && (IsTrusted(agent) || draws > 16 * spec.Agents)) chosen.Add(agent);
        }

        return [.. chosen];
    }

    private bool IsTrusted(int agent) => !spec.HasDefences || spec.IsIsolated || !_reputations.TryGetValue(agent, out var reputation) || reputation.Mean >= LeastTrust;

    private double TrustIn(int agent) => spec.HasDefences ? _reputations.GetValueOrDefault(agent).Mean : 1;

    private void Remember(int agent, bool isKept) => _reputations[agent] = _reputations.GetValueOrDefault(agent).After(isKept);

    private double Gain(double value, double over) => direction == Direction.Maximize ? value - over : over - value;
}

/// <summary>Runs that check a result.</summary>
/// <param name="Claim">The result.</param>
/// <param name="Paper">The paper that claims it; null where it is an audit.</param>
/// <param name="Due">The tick at which it is judged.</param>
/// <param name="Tasks">The runs.</param>
/// <param name="BestBefore">What it is said to beat.</param>
internal sealed record Check(Experiment Claim, Paper? Paper, int Due, ImmutableArray<ResearchTask> Tasks, double BestBefore);

/// <summary>How much a result varies with its seed: the standard deviation within the groups of reviewers' runs, pooled.</summary>
internal sealed class ReviewNoise
{
    private double _squares;
    private int _degrees;

    /// <summary>The standard deviation; 0 while there is nothing to tell it from.</summary>
    public double Deviation => _degrees == 0 ? 0 : Math.Sqrt(_squares / _degrees);

    public void Learn(Review review)
    {
        foreach (var group in new[] { review.Claim, review.Incumbent })
        {
            if (!group.All(double.IsFinite)) continue;
            _squares += Sample.Variance(group.AsSpan()) * (group.Length - 1);
            _degrees += group.Length - 1;
        }
    }
}
