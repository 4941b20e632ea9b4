using Hive.Agents;
using Hive.Brains;
using Hive.Cognition.Agents;
using Hive.Cognition.Prompts;
using Hive.Goals;
using Microsoft.Extensions.Logging;

namespace Hive.Cognition;

/// <summary>Everything that the parts of a goal's program share. It belongs to one run of one goal.</summary>
internal sealed class Desk
{
    private int _moves;
    private string? _context;

    public Desk(GoalProgress goal, GoalJournal journal, CognitionParts parts, IGrainFactory grains, TimeProvider time, ILogger logger)
    {
        (Goal, Journal, Parts, Grains, Time, Logger) = (goal, journal, parts, grains, time, logger);
        Brains = new BrainDirectory(goal.Spec, grains, time, TellWaiting);
        Caller = new BrainCaller(goal.Id, goal.Cognition!, journal, Brains, time);
        Policy = new AgentPolicy
        {
            Tools = Spec.Tools,
            Stakes = Spec.Stakes.ToString().ToLowerInvariant(),
            TemperatureRange = new TemperatureRange(Spec.Policy.LowTemperature, Spec.Policy.HighTemperature),
            MaxContext = Spec.Policy.ContextCharacters,
            SeesObjective = Spec.Policy.SeesObjective,
            MaxLessons = Spec.Policy.UsesLessons ? LessonBook.MostLessons : 0,
        };
    }

    public GoalProgress Goal { get; }

    public CognitionProgress Progress => Goal.Cognition!;

    public CognitionSpec Spec => Goal.Spec.Cognition!;

    public GoalJournal Journal { get; }

    public CognitionParts Parts { get; }

    public IGrainFactory Grains { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    public BrainDirectory Brains { get; }

    public BrainCaller Caller { get; }

    public AgentPolicy Policy { get; }

    /// <summary>What brains are given to read, each text in its fence.</summary>
    public string Context => _context ??= string.Join("\n\n", Spec.Context.Select(text => Fence.Wrap(LabelOf(text.Name), text.Text)));

    /// <summary>A name that people gave, as the label of a fence.</summary>
    private static string LabelOf(string name)
    {
        const int Longest = 64;
        var label = string.Concat(name.Take(Longest).Select(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' ? character : '-'));
        return label.Length > 0 ? label : "text";
    }

    /// <summary>A random seed for a call, the same whenever the goal's program runs.</summary>
    public long SeedOf(string call)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in call)
        {
            hash = (hash ^ character) * 1099511628211UL;
        }

        return (long)((hash ^ (ulong)Goal.Spec.Seed) & int.MaxValue);
    }

    /// <summary>Moves the goal on. A program that runs again makes its first moves without a word: the log has them.</summary>
    public async Task MoveAsync(GoalState state, string? reason = null)
    {
        var move = _moves++;
        if (state.IsEnd() || move >= Progress.Moves.Count || Progress.Moves[move] != state)
        {
            if (Goal.State != state)
            {
                await Journal.RecordAsync(new StateChanged(state, reason));
            }
        }
    }

    /// <summary>A fact that was found before, or that is found now and written down.</summary>
    /// <param name="id">The fact's id.</param>
    /// <param name="kind">Which kind it is.</param>
    /// <param name="find">Finds it, as JSON.</param>
    public async Task<string> FactAsync(string id, string kind, Func<Task<string>> find)
    {
        if (Progress.Fact(id) is { } known)
        {
            return known;
        }

        var json = await find();
        await Journal.RecordAsync(new FactRecorded(id, kind, json));
        return json;
    }

    /// <summary>Writes down which critics a later fact agreed with.</summary>
    public void Learn(string id, IEnumerable<CriticRecord> critics, double threshold, bool isGood)
    {
        if (Progress.Fact(id) is null)
        {
            Journal.Record(new FactRecorded(id, CriticsLearnt.Kind, CriticsLearnt.Of(critics, threshold, isGood).ToJson()));
        }
    }

    /// <summary>A question that one message asks.</summary>
    public Question Ask(string id, string tier, string role, string prompt) =>
        new(id, tier, role, [new BrainMessage(Speaker.User, prompt)]) { MaxTokens = Spec.AnswerTokens, Seed = SeedOf(id) };

    /// <summary>Gives an agent a lesson; what cannot be told is not missed.</summary>
    public async Task TeachAsync(string agent, string lesson, double worth)
    {
        try
        {
            await Grains.GetGrain<IAgentGrain>(agent).LearnAsync(lesson, worth);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            // Its silo is gone, and its memory with it.
        }
    }

    private string? _told;

    private void TellWaiting(string? what)
    {
        if (what != _told)
        {
            _told = what;
            Journal.Record(new GoalWaits(what));
        }
    }
}
