namespace Hive.Cognition.Votes;

/// <summary>
/// Counts the votes of one step until an answer leads every other by k. Answers are compared character by character. Not for use by several threads at once.
/// </summary>
public sealed class VoteTally
{
    /// <summary>How many different answers are counted each for itself. Whatever differs beyond that is counted as one more answer, which cannot win.</summary>
    public const int MostAnswers = 256;

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    private string? _leader;

    private int _first;

    private int _second;

    private int _beyond;

    /// <summary>An empty tally.</summary>
    /// <param name="lead">k: by how many votes the winner leads, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The lead is less than 1.</exception>
    public VoteTally(int lead) => Lead = lead;

    /// <summary>k: by how many votes the winner leads, at least 1. It may change while votes come in, as more is known of how often they are right.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The lead is less than 1.</exception>
    public int Lead
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    }

    /// <summary>The votes for the first answer; 0 while there is none.</summary>
    public int Leading => _first;

    /// <summary>The answer that leads every other by k, or null while none does.</summary>
    public string? Winner => Margin >= Lead ? _leader : null;

    /// <summary>How many votes were counted.</summary>
    public int Votes { get; private set; }

    /// <summary>By how many votes the first answer leads the second; 0 for a tie.</summary>
    public int Margin => _first - Math.Max(_second, _beyond);

    /// <summary>
    /// How many more votes decide at the soonest; 0 once an answer has won. Since a vote moves the lead by one at most, asking for so many at once asks for none too many.
    /// </summary>
    public int Needed => Math.Max(0, Lead - Margin);

    /// <summary>The answers and their votes.</summary>
    public IReadOnlyDictionary<string, int> Counts => _counts;

    /// <summary>Counts a vote.</summary>
    /// <param name="answer">What it is for.</param>
    /// <exception cref="InvalidOperationException">The step is decided; later votes do not change that.</exception>
    public void Add(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (Winner is not null)
        {
            throw new InvalidOperationException("The step is decided: an answer leads by as much as was asked.");
        }

        Votes++;
        if (!_counts.TryGetValue(answer, out var count) && _counts.Count >= MostAnswers)
        {
            _beyond++;
            return;
        }

        _counts[answer] = ++count;
        if (answer == _leader)
        {
            _first = count;
        }
        else if (count > _first)
        {
            (_leader, _first, _second) = (answer, count, _first);
        }
        else if (count > _second)
        {
            _second = count;
        }
    }
}
