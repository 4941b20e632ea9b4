namespace Hive.Cognition.Ledgers;

/// <summary>
/// What a goal's brains may cost and have cost. The most that a call may cost is set aside before it is made and replaced by what it did cost afterwards, so that
/// spent and set aside together never exceed the budget: no reservation, no call. It knows no clock and no storage; the log tells it everything.
/// </summary>
/// <remarks>Money is exact (<see cref="decimal"/>), in the owner's currency. Not safe for use by several threads at once.</remarks>
public sealed class Ledger
{
    private readonly Dictionary<string, Reservation> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _calls = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _tierTokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _callsAllowed = new(StringComparer.Ordinal);
    private long _openTokens;
    private decimal _openMoney;

    /// <summary>A ledger that nothing was spent from yet.</summary>
    /// <param name="tokens">The most tokens; absent: no bound.</param>
    /// <param name="money">The most money; absent: no bound.</param>
    /// <param name="calls">The most calls by tier; a tier that is not named has no bound.</param>
    public Ledger(long? tokens, decimal? money, IEnumerable<KeyValuePair<string, long>> calls)
    {
        (TokensAllowed, MoneyAllowed) = (tokens, money);
        foreach (var (tier, most) in calls)
        {
            _callsAllowed[tier] = most;
        }
    }

    /// <summary>The most tokens; absent: no bound.</summary>
    public long? TokensAllowed { get; private set; }

    /// <summary>The most money; absent: no bound.</summary>
    public decimal? MoneyAllowed { get; private set; }

    /// <summary>What calls that are over cost, in tokens, those written off included.</summary>
    public long Tokens { get; private set; }

    /// <summary>What calls that are over cost, in money, those written off included.</summary>
    public decimal Money { get; private set; }

    /// <summary>Of <see cref="Tokens"/>, what counts as spent because nobody knows whether it was.</summary>
    public long TokensWrittenOff { get; private set; }

    /// <summary>Calls made or set aside, by tier.</summary>
    public IReadOnlyDictionary<string, long> Calls => _calls;

    /// <summary>What calls that are over cost, in tokens, by tier.</summary>
    public IReadOnlyDictionary<string, long> TierTokens => _tierTokens;

    /// <summary>What is set aside and not settled.</summary>
    public IReadOnlyCollection<Reservation> Open => _open.Values;

    /// <summary>What is lacking for a call now; absent where nothing is.</summary>
    /// <param name="tier">The call's tier.</param>
    /// <param name="calls">How many calls.</param>
    /// <param name="tokens">The most tokens that they may use together.</param>
    /// <param name="money">The most money that they may cost together.</param>
    public string? Lacking(string tier, int calls, long tokens, decimal money) => Beyond(tier, calls, Tokens + _openTokens + tokens, Money + _openMoney + money);

    /// <summary>What would be lacking for a call even if everything that is set aside came back unspent; absent where waiting may help.</summary>
    /// <inheritdoc cref="Lacking(string, int, long, decimal)"/>
    public string? LackingForGood(string tier, int calls, long tokens, decimal money) => Beyond(tier, calls, Tokens + tokens, Money + money);

    /// <summary>Sets the most that calls may cost aside. The same reservation again changes nothing.</summary>
    /// <param name="id">The reservation's id.</param>
    /// <param name="tier">The tier.</param>
    /// <param name="calls">How many calls.</param>
    /// <param name="tokens">The most tokens, at least 0.</param>
    /// <param name="money">The most money, at least 0.</param>
    public void Reserve(string id, string tier, int calls, long tokens, decimal money)
    {
        if (_open.TryAdd(id, new Reservation(id, tier, calls, tokens, money)))
        {
            _openTokens += tokens;
            _openMoney += money;
            _calls[tier] = _calls.GetValueOrDefault(tier) + calls;
        }
    }

    /// <summary>Replaces what was set aside by what it cost. What is not set aside any more was settled before, and nothing happens.</summary>
    /// <param name="id">The reservation.</param>
    /// <param name="tokens">What it cost in tokens; more than was set aside counts as that.</param>
    /// <param name="money">What it cost in money; more than was set aside counts as that.</param>
    /// <param name="isWrittenOff">Whether nobody knows what it cost, so that all of it counts.</param>
    public void Settle(string id, long tokens, decimal money, bool isWrittenOff = false)
    {
        if (Close(id) is not { } open)
        {
            return;
        }

        var used = Math.Clamp(tokens, 0, open.Tokens);
        Tokens += used;
        Money += Math.Clamp(money, 0, open.Money);
        _tierTokens[open.Tier] = _tierTokens.GetValueOrDefault(open.Tier) + used;
        TokensWrittenOff += isWrittenOff ? used : 0;
    }

    /// <summary>Allows more to be spent. What had no bound still has none.</summary>
    /// <param name="tokens">So many more tokens.</param>
    /// <param name="money">So much more money.</param>
    /// <param name="calls">So many more calls by tier.</param>
    public void Add(long tokens, decimal money, IEnumerable<KeyValuePair<string, long>> calls)
    {
        TokensAllowed += tokens;
        MoneyAllowed += money;
        foreach (var (tier, more) in calls)
        {
            if (_callsAllowed.TryGetValue(tier, out var most))
            {
                _callsAllowed[tier] = most + more;
            }
        }
    }

    private string? Beyond(string tier, int calls, long tokens, decimal money)
    {
        if (tokens > TokensAllowed)
        {
            return FormattableString.Invariant($"tokens: {tokens:N0} would be set aside or spent of {TokensAllowed:N0}");
        }

        if (money > MoneyAllowed)
        {
            return FormattableString.Invariant($"money: {money:0.######} would be set aside or spent of {MoneyAllowed:0.######}");
        }

        return _callsAllowed.TryGetValue(tier, out var most) && _calls.GetValueOrDefault(tier) + calls > most
            ? FormattableString.Invariant($"calls of tier {tier}: all {most:N0} are made")
            : null;
    }

    private Reservation? Close(string id)
    {
        if (!_open.Remove(id, out var open))
        {
            return null;
        }

        _openTokens -= open.Tokens;
        _openMoney -= open.Money;
        return open;
    }
}

/// <summary>What is set aside for calls that are not over.</summary>
/// <param name="Id">The reservation's id.</param>
/// <param name="Tier">The tier.</param>
/// <param name="Calls">How many calls.</param>
/// <param name="Tokens">The most tokens.</param>
/// <param name="Money">The most money.</param>
public sealed record Reservation(string Id, string Tier, int Calls, long Tokens, decimal Money);
