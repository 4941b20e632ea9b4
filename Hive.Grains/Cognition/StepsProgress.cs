using System.Globalization;
using Hive.Cognition.Votes;
using Hive.Goals;

namespace Hive.Cognition;

/// <summary>How far a chain of voted steps has come. It keeps the last state and counts, not the steps: there may be millions.</summary>
internal sealed class StepsProgress(GoalSpec spec)
{
    private readonly List<(string Answer, string? State)> _counted = [];
    private readonly Dictionary<string, AccuracyEstimate> _accuracies = new(StringComparer.Ordinal);

    /// <summary>How many steps are decided; the next one has this number.</summary>
    public long Done { get; private set; }

    /// <summary>The state that the next step begins with.</summary>
    public string State { get; private set; } = spec.Cognition?.Steps?.State ?? "";

    /// <summary>The answer of the last step that was decided.</summary>
    public string? Answer { get; private set; }

    /// <summary>Votes that counted, in all.</summary>
    public long Votes { get; private set; }

    /// <summary>Of those, the ones that agreed with what was decided.</summary>
    public long Agreed { get; private set; }

    /// <summary>Answers that were thrown away or failed.</summary>
    public long Thrown { get; private set; }

    /// <summary>The votes on the next step that are counted already, in order, with the states that came with them.</summary>
    public IReadOnlyList<(string Answer, string? State)> Counted => _counted;

    /// <summary>By how much an answer has to lead, as the last step was voted.</summary>
    public int Lead { get; private set; }

    /// <summary>How many askings the next step has had, those that a crash cut off included.</summary>
    public int Batches { get; private set; }

    /// <summary>The tier that was last asked for the next step; absent where none was.</summary>
    public string? Tier { get; private set; }

    /// <summary>How many votes that tier was asked for.</summary>
    public int Asked { get; private set; }

    /// <summary>How many votes all tiers were asked for.</summary>
    public int AskedInAll { get; private set; }

    /// <summary>The id of the reservation for one asking.</summary>
    public static string ReservationOf(long step, int batch) => string.Create(CultureInfo.InvariantCulture, $"s{step}.{batch}");

    /// <summary>How often answers of a tier were right so far.</summary>
    public AccuracyEstimate AccuracyAt(string tier) =>
        _accuracies.TryGetValue(tier, out var known) ? known : _accuracies[tier] = new AccuracyEstimate(spec.Cognition!.Votes!.Accuracy);

    public void Apply(VotesReserved reserved)
    {
        if (reserved.Step != Done)
        {
            return;
        }

        if (reserved.Tier != Tier)
        {
            // What a weaker tier said does not count at the next.
            _counted.Clear();
            (Tier, Asked) = (reserved.Tier, 0);
        }

        Asked += reserved.Votes;
        AskedInAll += reserved.Votes;
        Batches = reserved.Batch + 1;
    }

    public void Apply(VotesCounted counted)
    {
        if (counted.Step != Done)
        {
            return;
        }

        for (var i = 0; i < counted.Answers.Length; i++)
        {
            _counted.Add((counted.Answers[i], counted.States is { } states ? states[i] : null));
        }

        Thrown += counted.Thrown;
    }

    public void Apply(StepDecided decided)
    {
        if (decided.Step != Done)
        {
            return;
        }

        (Done, State, Answer) = (Done + 1, decided.State ?? decided.Answer, decided.Answer);
        Votes += decided.Votes;
        Agreed += decided.Agreed;
        Lead = decided.Lead;
        Thrown += decided.Thrown;
        AccuracyAt(Tier ?? "").Add(decided.Agreed, decided.Votes);
        _counted.Clear();
        (Batches, Tier, Asked, AskedInAll) = (0, null, 0, 0);
    }
}
