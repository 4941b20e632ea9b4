using System.Globalization;
using Hive.Goals;

namespace Hive.Cognition;

/// <summary>How far a chain of voted steps has come. It keeps the last state and counts, not the steps: there may be millions.</summary>
internal sealed class StepsProgress(GoalSpec spec)
{
    private readonly List<(string Answer, string? State)> _counted = [];

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

    /// <summary>How many askings the next step has had.</summary>
    public int Batches { get; private set; }

    /// <summary>The id of the reservation for one asking.</summary>
    public static string ReservationOf(long step, int batch) => string.Create(CultureInfo.InvariantCulture, $"s{step}.{batch}");

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
        Batches = counted.Batch + 1;
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
        _counted.Clear();
        Batches = 0;
    }
}
