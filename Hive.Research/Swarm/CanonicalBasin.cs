using System.Collections.Immutable;
using System.Globalization;
using System.Numerics.Tensors;
using System.Security.Cryptography;
using System.Text;
using Hive.Basins;
using Hive.Research;

namespace Hive.Swarm;

/// <summary>
/// The basin of a campaign's domain, which breakthroughs move: an author's delta is merged where it rests on a claim that replicated, and leads where that claim does. Without
/// defences every delta is merged as it comes. It is a function of the campaign alone: it bears no time and no key.
/// </summary>
public sealed class CanonicalBasin
{
    /// <summary>How often at the end the authors of breakthroughs offer what they still believe beyond the basin.</summary>
    private const int ClosingRounds = 4;

    private static readonly MergeOptions Defended = new() { MaxNormPerFactor = 1, EvidenceRate = 0.5 };
    private static readonly MergeOptions Credulous = new() { MaxNormPerFactor = 1, Rule = AggregationRule.Mean, RequireEvidence = false, RefuseOutliers = false, HostileShare = 0 };

    private readonly BasinKeeper _keeper;
    private readonly BasinSpace _space;
    private readonly MergeOptions _options;
    private readonly Dictionary<string, DeltaEvidence> _evidence = new(StringComparer.Ordinal);
    private int _seen;

    /// <summary>The basin before the campaign.</summary>
    /// <param name="domain">The field.</param>
    /// <param name="given">The packet that agents begin with; null where they know nothing.</param>
    /// <param name="hasDefences">Whether deltas without evidence are refused.</param>
    public CanonicalBasin(IResearchDomain domain, BasinPacket? given, bool hasDefences)
    {
        _space = new BasinSpace(domain.Space);
        _options = hasDefences ? Defended : Credulous;
        _keeper = BasinKeeper.Found(_space, NameOf(domain), domain.Fingerprint, "", DateTimeOffset.UnixEpoch);
        if (given is null) return;
        _keeper.Import(given.Bytes, "given");
        _keeper.MergeBack("given", BasinBranch.Canonical, "", DateTimeOffset.UnixEpoch);
    }

    /// <summary>The newest packet.</summary>
    public BasinPacket Packet => _keeper.Tip();

    /// <summary>What it believes.</summary>
    public BasinPoint Point => Packet.PointIn(_space);

    /// <summary>The name that basins of a domain go by: its own, with plain characters for others.</summary>
    public static string NameOf(IResearchDomain domain) =>
        new([.. domain.Name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':' ? letter : '-').Take(64)]);

    /// <summary>An author offers what it believes, resting on a claim that replicated.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="belief">What its author believes.</param>
    /// <param name="trust">How far the author is trusted.</param>
    /// <param name="experiments">How many experiments the campaign has taken in.</param>
    public void BreakThrough(Experiment claim, BasinPoint belief, double trust, int experiments)
    {
        var name = NameOf(claim);
        _evidence[name] = new DeltaEvidence(name, claim.Configuration, Replicated: true);
        Offer(claim.Agent, [name], belief, trust, experiments);
    }

    /// <summary>A delta that rests on nothing.</summary>
    /// <param name="agent">Whose.</param>
    /// <param name="belief">Where it leads.</param>
    /// <param name="trust">How far its author is trusted.</param>
    /// <param name="experiments">How many experiments the campaign has taken in.</param>
    public void Push(int agent, BasinPoint belief, double trust, int experiments) => Offer(agent, [], belief, trust, experiments);

    /// <summary>The campaign is over: the author of the last breakthrough offers what it has come to believe since.</summary>
    /// <param name="last">The last claim that was a breakthrough.</param>
    /// <param name="belief">What its author believes.</param>
    /// <param name="trust">How far it is trusted.</param>
    /// <param name="experiments">How many experiments the campaign has taken in.</param>
    public void Close(Experiment last, BasinPoint belief, double trust, int experiments)
    {
        for (var round = 0; round < ClosingRounds; round++) Offer(last.Agent, [NameOf(last)], belief, trust, experiments);
    }

    private void Offer(int agent, ImmutableArray<string> claims, BasinPoint belief, double trust, int experiments)
    {
        var tangent = Point.Log(belief);

        // What leads farther than one merge may go is refused whole; so nobody offers more.
        var (length, most) = (TensorPrimitives.Norm<double>(tangent), 0.99 * _options.MaxNormPerFactor * Math.Sqrt(_space.Count));
        if (length > most) TensorPrimitives.Multiply(tangent, most / length, tangent);
        var delta = BasinDelta.Create(KeyOf(agent), Packet, _space, claims, experiments, tangent);
        _keeper.Submit(delta.Bytes.Span, 1, trust);
        _keeper.Merge(_evidence.Values, experiments - _seen, _options, "", DateTimeOffset.UnixEpoch);
        _seen = experiments;
    }

    private static string NameOf(Experiment claim) => string.Create(CultureInfo.InvariantCulture, $"experiment-{claim.Number}");

    /// <summary>Agents of a campaign have no keys of their own; the hub that runs it vouches for them, and signs the packet.</summary>
    private static string KeyOf(int agent) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"agent-{agent}"))))[..32];
}
