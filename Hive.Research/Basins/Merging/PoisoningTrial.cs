using System.Collections.Immutable;
using System.Numerics.Tensors;
using Hive.Randomness;
using Hive.Research;

namespace Hive.Basins;

/// <summary>What hostile agents send. They know every honest delta of the round.</summary>
public enum PoisoningAttack
{
    /// <summary>As far away as a delta can say, all in one direction.</summary>
    Far,

    /// <summary>All in one direction, as long as honest deltas are.</summary>
    Colluding,

    /// <summary>The opposite of what honest agents found, as long as theirs.</summary>
    SignFlip,

    /// <summary>The honest mean less 1.2 honest standard deviations in every coordinate: "a little is enough" (Baruch, Baruch and Goldberg, 2019).</summary>
    LittleIsEnough,

    /// <summary>The opposite of what honest agents found, as far out as the farthest honest delta: just inside the threshold.</summary>
    JustInside,

    /// <summary>A replicated claim of somebody else's, and a delta at 59° to it that leans to the one direction, as long as honest deltas are: the best that passes the evidence gate.</summary>
    StolenClaim,
}

/// <summary>
/// A swarm that learns a hidden configuration while a part of it lies: how far the canonical basin ends from where the honest part alone brings it, with defences and without.
/// The same seed draws the same honest experiments in every case.
/// </summary>
public sealed class PoisoningTrial
{
    private const int Agents = 100;
    private const int Hostile = 20;
    private const double Rate = 0.1;

    private static readonly string Fingerprint = new('0', 64);
    private static readonly MergeOptions Defenceless = new() { Rule = AggregationRule.Mean, RequireEvidence = false, RefuseOutliers = false, MaxNormPerFactor = 1000 };

    private readonly ulong _seed;
    private readonly int _rounds;
    private readonly int _experiments;
    private readonly PoisoningAttack _attack;
    private readonly BasinSpace _space;
    private readonly Configuration _hidden;
    private readonly double[] _direction;

    private PoisoningTrial(PoisoningAttack attack, int rounds, int experiments, ulong seed)
    {
        (_attack, _rounds, _experiments, _seed) = (attack, rounds, experiments, seed);
        _space = new BasinSpace(new TechniqueSpace(
        [
            .. Enumerable.Range(0, 8).Select(i => new CategoricalTechnique($"choice{i}", [.. Enumerable.Range(0, 3 + (i % 3)).Select(way => $"way{way}")])),
            new LogRealTechnique("rate", 1e-4, 1),
            new RealTechnique("momentum", 0, 1),
        ]));
        var random = new SeededRandom(SeededRandom.Mix(seed, 0));
        _hidden = _space.Techniques.Sample(random);
        _direction = [.. Enumerable.Range(0, _space.Dimension).Select(_ => random.NextGaussian())];
    }

    /// <summary>How far 20 of 100 agents move the canonical basin with defences, as a share of how far they move it without.</summary>
    /// <param name="attack">What they send.</param>
    /// <param name="defences">The defences.</param>
    /// <param name="rounds">How many merges, at least 1. Over many, small differences grow: agents then sample from different basins.</param>
    /// <param name="experiments">How many experiments an honest agent does before it sends its best: after few, honest deltas lead apart; after many, they agree.</param>
    /// <param name="seed">Decides everything.</param>
    /// <returns>0 where the defences hold wholly, 1 where they do nothing.</returns>
    public static double Share(PoisoningAttack attack, MergeOptions defences, int rounds, int experiments, ulong seed)
    {
        var trial = new PoisoningTrial(attack, rounds, experiments, seed);
        return trial.Moved(defences) / trial.Moved(Defenceless);
    }

    /// <summary>How likely honest agents alone come to draw the hidden ways: the mean over the categorical choices.</summary>
    /// <param name="options">How they merge.</param>
    /// <param name="rounds">How many merges.</param>
    /// <param name="experiments">How many experiments an agent does a round.</param>
    /// <param name="seed">Decides everything.</param>
    public static double Learnt(MergeOptions options, int rounds, int experiments, ulong seed)
    {
        var trial = new PoisoningTrial(default, rounds, experiments, seed);
        var end = trial.Run(options, 0);
        return end.Factors.OfType<SimplexFactor>().Select((factor, i) => factor.Probabilities[(int)trial._hidden[i]]).Average();
    }

    private double Moved(MergeOptions options) => Run(options, Hostile).Distance(Run(options, 0));

    private BasinPoint Run(MergeOptions options, int hostile)
    {
        var (point, window) = (BasinPoint.Even(_space), OutlierWindow.Empty);
        for (var round = 0; round < _rounds; round++)
        {
            var packet = BasinPacket.Write(point, new BasinRecord("trial", Fingerprint, [], round, 0, 0, "", 0));
            point = packet.PointIn(_space);
            var evidence = new Dictionary<string, DeltaEvidence>();
            var deltas = Honest(packet, point, round, evidence);
            if (hostile > 0) deltas.AddRange(Lies(packet, point, deltas, evidence, hostile));
            var weighed = deltas.Select(delta => new WeighedDelta(delta, 1, 1)).ToArray();
            var report = BasinMerger.Merge(point, new Dictionary<string, BasinPoint> { [packet.Address] = point }, weighed, evidence, window, options);
            (point, window) = (report.Point, report.Window);
        }

        return point;
    }

    private List<BasinDelta> Honest(BasinPacket packet, BasinPoint point, int round, Dictionary<string, DeltaEvidence> evidence)
    {
        var sampler = new BasinSampler(point, 1);
        var deltas = new List<BasinDelta>();
        for (var agent = 0; agent < Agents - Hostile; agent++)
        {
            var random = new SeededRandom(SeededRandom.Mix(_seed, (ulong)((round * Agents) + agent + 1)));
            var best = Enumerable.Range(0, _experiments).Select(_ => sampler.Sample(random)).MaxBy(configuration => Value(configuration, random))!;
            var claim = $"claim-{round}-{agent}";
            evidence[claim] = new DeltaEvidence(claim, best, true);
            deltas.Add(BasinDelta.Create(Author(agent), packet, _space, [claim], _experiments, BasinLearning.Step(point, [new Success(best, 1)], Rate)));
        }

        return deltas;
    }

    /// <summary>How near a configuration is to the hidden one, measured with noise.</summary>
    private double Value(Configuration configuration, SeededRandom random)
    {
        const double Noise = 0.5;
        var value = Noise * random.NextGaussian();
        for (var i = 0; i < _space.Techniques.Techniques.Length; i++)
        {
            var (x, y) = (_space.Techniques.ToCoordinate(i, configuration[i]), _space.Techniques.ToCoordinate(i, _hidden[i]));
            value += _space.Techniques.Techniques[i] is CategoricalTechnique ? (x == y ? 1 : 0) : 1 - Math.Abs(x - y);
        }

        return value;
    }

    private IEnumerable<BasinDelta> Lies(BasinPacket packet, BasinPoint point, List<BasinDelta> honest, Dictionary<string, DeltaEvidence> evidence, int count)
    {
        var rows = honest.Select(delta => delta.Tangent.ToArray()).ToArray();
        var mean = new double[_space.Dimension];
        foreach (var row in rows) TensorPrimitives.Add<double>(mean, row, mean);
        TensorPrimitives.Divide(mean, rows.Length, mean);
        var norms = rows.Select(row => TensorPrimitives.Norm<double>(row)).Order().ToArray();
        var direction = _direction.ToArray();
        point.Project(direction);
        double[] Long(double[] vector, double length) => [.. vector.Select(coordinate => coordinate * length / TensorPrimitives.Norm<double>(vector))];
        var lie = _attack switch
        {
            PoisoningAttack.Far => Long(direction, 3),
            PoisoningAttack.Colluding => Long(direction, norms[norms.Length / 2]),
            PoisoningAttack.SignFlip => Long(mean, -norms[norms.Length / 2]),
            PoisoningAttack.LittleIsEnough => [.. mean.Select((center, j) => center - (1.2 * Math.Sqrt(rows.Average(row => Math.Pow(row[j] - center, 2)))))],
            PoisoningAttack.JustInside => Long(mean, -norms[^1]),
            _ => null,
        };
        for (var i = 0; i < count; i++)
        {
            var (claim, vector) = ("unreviewed", lie);
            if (vector is null)
            {
                claim = honest[i].Claims[0];
                vector = Leaning(BasinLearning.Step(point, [new Success(evidence[claim].Configuration, 1)], Rate), direction);
            }

            yield return BasinDelta.Create(Author(Agents + i), packet, _space, [claim], _experiments, vector);
        }
    }

    /// <summary>The vector of the same length at 59° to another that leans most to a direction.</summary>
    private static double[] Leaning(double[] vector, double[] direction)
    {
        var length = TensorPrimitives.Norm<double>(vector);
        var along = TensorPrimitives.Dot<double>(vector, direction) / (length * length);
        double[] across = [.. direction.Select((coordinate, i) => coordinate - (along * vector[i]))];
        var (sine, cosine) = Math.SinCos(59 * Math.PI / 180);
        var scale = sine * length / TensorPrimitives.Norm<double>(across);
        return [.. vector.Select((coordinate, i) => (cosine * coordinate) + (scale * across[i]))];
    }

    private static string Author(int agent) => agent.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
}
