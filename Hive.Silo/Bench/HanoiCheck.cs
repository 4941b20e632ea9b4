using System.Text;
using Hive.Cognition.Votes;
using Hive.Goals;
using Hive.Storage;

namespace Hive.Silo.Bench;

/// <summary>
/// Reads a goal's log from the database when all is over, and compares what was decided with the puzzle's solution. It shares no code with the run: neither its counts nor its rule.
/// </summary>
internal sealed class HanoiCheck(HanoiSettings settings) : IDisposable
{
    private readonly HanoiSolver _solver = new(settings.Disks);
    private readonly HashSet<(long Step, int Batch)> _reserved = [];

    /// <summary>Steps that are decided.</summary>
    public long Steps { get; private set; }

    /// <summary>Decisions that are not what the solution says, or that come twice or out of order.</summary>
    public long Errors { get; private set; }

    /// <summary>Votes that were asked for a step after it was decided, or twice under one id.</summary>
    public long VotedTwice { get; private set; }

    /// <summary>Votes that were counted.</summary>
    public long Votes { get; private set; }

    /// <summary>Answers that were thrown away or never came.</summary>
    public long Thrown { get; private set; }

    /// <summary>Of the votes that were counted, those for what was decided.</summary>
    public long Agreed { get; private set; }

    /// <summary>How many votes the formula expects, with the lead of each step.</summary>
    public double ExpectedVotes { get; private set; }

    /// <summary>The lead that the last step was decided with.</summary>
    public int Lead { get; private set; }

    /// <summary>Reads a log to its end.</summary>
    public async Task ReadAsync(IGoalLog log, string goal, CancellationToken cancellation)
    {
        await foreach (var entry in log.ReadAsync(goal, 0, cancellation))
        {
            switch (GoalEventJson.Read(entry.Kind, Encoding.UTF8.GetString(entry.Body.Span)))
            {
                case VotesReserved reserved:
                    Hear(reserved);
                    break;
                case VotesCounted counted:
                    Thrown += counted.Thrown;
                    break;
                case StepDecided decided:
                    Hear(decided);
                    break;
            }
        }
    }

    public void Dispose() => _solver.Dispose();

    private void Hear(VotesReserved reserved)
    {
        if (reserved.Step != Steps || !_reserved.Add((reserved.Step, reserved.Batch)))
        {
            VotedTwice++;
        }
    }

    private void Hear(StepDecided decided)
    {
        if (decided.Step != Steps)
        {
            Errors++;
            return;
        }

        Errors += (decided.State ?? decided.Answer) == _solver.Next() ? 0 : 1;
        Steps++;
        Votes += decided.Votes;
        Agreed += decided.Agreed;
        Thrown += decided.Thrown;
        Lead = decided.Lead;
        ExpectedVotes += VoteMathematics.ExpectedVotes(settings.Accuracy, Lead);
        _reserved.Clear();
    }
}
