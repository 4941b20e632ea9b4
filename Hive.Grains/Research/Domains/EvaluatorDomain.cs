using System.Globalization;
using Hive.Evaluators;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Research.Domains;

/// <summary>
/// A user's own domain: an experiment is one candidate, measured by an evaluator as goals have them. An evaluator that returns no number, hangs or crashes costs that experiment
/// and no other. A value that would be the best so far counts only if a fresh evaluator gives it again, so one that tells different values for the same candidate is found out.
/// </summary>
public sealed class EvaluatorDomain : IResearchDomain, IAsyncDisposable
{
    private const long MaxSeed = 1L << 53;

    private readonly DomainSpec _spec;
    private readonly TechniqueMap _map;
    private readonly Measured _validation;
    private readonly Measured _test;

    private EvaluatorDomain(DomainSpec spec, TimeProvider clock)
    {
        _spec = spec;
        _map = TechniqueMap.Of(spec.Goal.Space);
        var metric = spec.Goal.Metric!;
        Metric = metric.Name;
        Direction = metric.Direction == MetricDirection.Maximize ? Direction.Maximize : Direction.Minimize;
        Baseline = spec.Baseline is null ? _map.Middle() : _map.ToConfiguration(ReadBaseline(spec));
        var measured = spec.TakesSeed ? spec.Goal.Space.Add(new NamedDimension(DomainSpec.SeedName, new IntegerDimension(0, MaxSeed - 1))) : spec.Goal.Space;
        var space = SearchSpace.Of(measured);
        var directory = spec.Goal.Directory ?? ".";
        foreach (var evaluator in new[] { metric.Evaluator, spec.TestEvaluator ?? metric.Evaluator }) EvaluatorFactory.Check(evaluator, space, directory);
        Fingerprint = DomainFingerprint.Of(spec);
        _validation = new Measured(new EvaluatorPool(() => EvaluatorFactory.Create(metric.Evaluator, metric, space, directory, clock)));
        _test = new Measured(new EvaluatorPool(() => EvaluatorFactory.Create(spec.TestEvaluator ?? metric.Evaluator, metric, space, directory, clock)));
    }

    /// <inheritdoc/>
    public string Name => _spec.Name;

    /// <inheritdoc/>
    public string Metric { get; }

    /// <inheritdoc/>
    public Direction Direction { get; }

    /// <inheritdoc/>
    public TechniqueSpace Space => _map.Space;

    /// <inheritdoc/>
    public WorkBudget Budget { get; } = new(1, "evaluations");

    /// <inheritdoc/>
    public Configuration Baseline { get; }

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <summary>The domain of a file (<c>docs/your-own-domain.md</c>).</summary>
    /// <param name="path">The file.</param>
    /// <param name="clock">Measures the evaluator's time-outs.</param>
    /// <exception cref="DomainException">The file is no domain, or its evaluator does not exist or cannot measure the space; the message says how to mend it.</exception>
    public static EvaluatorDomain Load(string path, TimeProvider clock) => Make(DomainFile.Load(path), path, clock);

    /// <summary>The domain of a text.</summary>
    /// <param name="json">The text of a domain file.</param>
    /// <param name="name">What it is called unless it says so itself.</param>
    /// <param name="directory">Where relative paths start from.</param>
    /// <param name="clock">Measures the evaluator's time-outs.</param>
    /// <exception cref="DomainException">As for <see cref="Load"/>.</exception>
    public static EvaluatorDomain Parse(string json, string name, string? directory, TimeProvider clock)
    {
        try
        {
            return Make(DomainFile.Parse(json, name, directory), name, clock);
        }
        catch (GoalSpecException e)
        {
            throw new DomainException($"{name}: {string.Join("; ", e.Mistakes)}", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ExperimentResult> RunAsync(Configuration configuration, ulong seed, DataPart part, CancellationToken cancellation)
    {
        if (Space.Mistake(configuration) is { } mistake) throw new ArgumentException(mistake, nameof(configuration));
        var point = _map.ToPoint(configuration);
        if (_spec.TakesSeed) point = [.. point, seed % MaxSeed];
        var measured = part == DataPart.Validation ? _validation : _test;
        var first = await measured.Pool.MeasureAsync(point, isFresh: false, cancellation).ConfigureAwait(false);
        if (Failure(first) is { } failure) return ExperimentResult.Failed(1, failure);
        var value = Value(first);
        if (!measured.IsBest(value, Direction)) return new ExperimentResult(value, 1);
        var second = await measured.Pool.MeasureAsync(point, isFresh: true, cancellation).ConfigureAwait(false);
        if (Failure(second) is { } again) return ExperimentResult.Failed(1, $"measured again: {again}");
        if (!_spec.Goal.Metric!.Repeats(value, Value(second)))
        {
            return ExperimentResult.Failed(1, string.Create(
                CultureInfo.InvariantCulture, $"the same candidate{(_spec.TakesSeed ? " and seed" : "")} gave {value:R} and then {Value(second):R}; make the evaluator repeat itself, or give a \"tolerance\""));
        }

        measured.Remember(value, Direction);
        return new ExperimentResult(value, 1);
    }

    /// <summary>Ends what the evaluators started; no experiment may be under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _validation.Pool.DisposeAsync().ConfigureAwait(false);
        await _test.Pool.DisposeAsync().ConfigureAwait(false);
    }

    private static EvaluatorDomain Make(DomainSpec spec, string source, TimeProvider clock)
    {
        try
        {
            return new EvaluatorDomain(spec, clock);
        }
        catch (Exception e) when (e is GoalSpecException or EvaluatorException)
        {
            throw new DomainException($"{source}: {(e is GoalSpecException spoilt ? string.Join("; ", spoilt.Mistakes) : e.Message)}", e);
        }
    }

    private static double[] ReadBaseline(DomainSpec spec)
    {
        try
        {
            return SearchSpace.Of(spec.Goal.Space).FromJson(spec.Baseline!);
        }
        catch (FormatException e)
        {
            throw new GoalSpecException([new GoalMistake("baseline", $"this is no candidate: {e.Message}")]);
        }
    }

    private string? Failure(Measurement measurement) =>
        measurement.Failure ?? (measurement.Violation > 0 && _spec.Penalty is null
            ? string.Create(CultureInfo.InvariantCulture, $"the candidate is infeasible (violation {measurement.Violation:G4}); give a \"penalty\" to let such ones count")
            : null);

    private double Value(Measurement measurement)
    {
        var cost = (_spec.Penalty ?? 0) * measurement.Violation;
        return Direction == Direction.Maximize ? measurement.Metric - cost : measurement.Metric + cost;
    }

    /// <summary>The evaluators of one part of the data and the best value that was confirmed.</summary>
    private sealed class Measured(EvaluatorPool pool)
    {
        private readonly Lock _gate = new();
        private double _best = double.NaN;

        public EvaluatorPool Pool => pool;

        public bool IsBest(double value, Direction direction)
        {
            lock (_gate)
            {
                return double.IsNaN(_best) || (direction == Direction.Maximize ? value > _best : value < _best);
            }
        }

        public void Remember(double value, Direction direction)
        {
            lock (_gate)
            {
                if (IsBest(value, direction)) _best = value;
            }
        }
    }
}
