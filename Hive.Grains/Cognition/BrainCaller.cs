using System.Collections.Immutable;
using Hive.Agents;
using Hive.Brains;
using Hive.Cognition.Calls;
using Hive.Goals;

namespace Hive.Cognition;

/// <summary>
/// Asks brains for a goal. An answer that is in the log is given from there; otherwise the most that the call may cost is set aside, that is written down, the call is made, and
/// what came of it is written down before it counts. Each id is called once: whoever asks again after a failure gets another id. A straggler gets a twin.
/// </summary>
internal sealed class BrainCaller(string goal, CognitionProgress progress, GoalJournal journal, BrainDirectory brains, TimeProvider time)
{
    /// <summary>What is said of a call that its process did not survive.</summary>
    public const string Lost = "lost with its process";

    /// <summary>How many times a question is asked where calls fail.</summary>
    private const int MaxTries = 4;

    private const int MaxRequest = EntryText.Most / (ToolLoop.MaxRequests + 1);
    private const string Refused = "refused: ";

    /// <summary>A brain that could not be reached, or had no room, gets this much time before it is asked again, and four times as much before each further try.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <summary>A twin is not worth its price before a call has taken so long.</summary>
    private static readonly TimeSpan LeastPatience = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, Latencies> _latencies = new(StringComparer.Ordinal);
    private readonly List<Task> _losers = [];
    private TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Asks until there is an answer, a few times at most.</summary>
    /// <exception cref="BudgetExhaustedException">The budget does not allow the call.</exception>
    /// <exception cref="NoAnswerException">Every try failed.</exception>
    /// <exception cref="OperationCanceledException">The answer is not wanted any more.</exception>
    public async Task<Answer> AskAsync(Question question, CancellationToken stop)
    {
        var failures = 0;
        for (var i = 0; ; i++)
        {
            var id = i == 0 ? question.Id : FormattableString.Invariant($"{question.Id}~{i}");
            var known = Known(id);
            var settled = known ?? await CallAsync(id, question, stop);
            if (settled.Reply is { } reply)
            {
                var by = progress.Reserved(settled.Call);
                return new Answer(BrainReply.FromJson(reply), by?.Agent ?? "", by?.Model ?? "");
            }

            var failure = settled.Failure ?? "";
            if (failure is Lost or CallSettled.NotWanted || failure.StartsWith(BrainDirectory.BrokeOff, StringComparison.Ordinal) || progress.IsBeforeBudget(settled))
            {
                // It says nothing of the brain as it is now. Each may be paid for, so that the budget is their bound.
                continue;
            }

            if (++failures == MaxTries || (!settled.IsWrittenOff && failure.StartsWith(Refused, StringComparison.Ordinal)))
            {
                throw new NoAnswerException(failure);
            }

            if (known is null && !settled.IsWrittenOff)
            {
                await Task.Delay(FirstPause * Math.Pow(4, failures - 1), time, stop);
            }
        }
    }

    /// <summary>Waits for the calls that lost a race: when this is over, nothing that was asked is still to be written down.</summary>
    public async Task DrainAsync()
    {
        foreach (var loser in _losers.ToArray())
        {
            await loser.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The answer to a call or to its twin, whichever the log has first; a failure where neither has one, nothing where neither was made.</summary>
    private CallSettled? Known(string id) => (progress.Call(id), progress.Call(Twin(id))) switch
    {
        ({ Reply: not null } call, { Reply: not null } twin) => progress.PlaceOf(call) < progress.PlaceOf(twin) ? call : twin,
        ({ Reply: null }, { } twin) => twin,
        (null, var twin) => twin,
        var (call, _) => call,
    };

    private static string Twin(string id) => id + "^";

    /// <summary>Makes a call; one that takes longer than 95 % of the calls to its tier did gets a twin elsewhere, and the first answer counts.</summary>
    private async Task<CallSettled> CallAsync(string id, Question question, CancellationToken stop)
    {
        using var first = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var slot = await brains.TakeAsync(question.Tier, question.Role, question.Avoid, stop);
        var call = MakeAsync(id, question, slot, first.Token);
        if (LatenciesOf(slot.Place.Offer.Tier).P95 is not { } p95)
        {
            return await call;
        }

        var patience = TimeSpan.FromSeconds(p95) is var usual && usual > LeastPatience ? usual : LeastPatience;
        using (var waited = CancellationTokenSource.CreateLinkedTokenSource(stop))
        {
            var waiting = Task.Delay(patience, time, waited.Token);
            var sooner = await Task.WhenAny(call, waiting);
            await waited.CancelAsync();
            if (sooner == call || stop.IsCancellationRequested || brains.TryTake(question.Tier, question.Role, question.Avoid, slot.Place) is not { } other)
            {
                return await call;
            }

            return await RaceAsync(call, first, id, question, other, stop);
        }
    }

    private async Task<CallSettled> RaceAsync(Task<CallSettled> call, CancellationTokenSource first, string id, Question question, BrainSlot other, CancellationToken stop)
    {
        var (mostIn, tokens) = BoundOf(question);
        if (progress.Ledger.Lacking(other.Place.Offer.Tier, 1, tokens, PriceOf(mostIn, question, other.Place.Offer)) is not null)
        {
            brains.Free(other);
            return await call;
        }

        using var second = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var twin = MakeAsync(Twin(id), question, other, second.Token);
        var winner = await Task.WhenAny(call, twin);
        var (rest, end) = winner == call ? (twin, second) : (call, first);
        if (winner.IsCompletedSuccessfully && (await winner).Reply is not null)
        {
            _losers.RemoveAll(loser => loser.IsCompleted);
            _losers.Add(rest);
            await end.CancelAsync();
            return Known(id)!;
        }

        await ((Task)rest).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        return await (rest.IsCompletedSuccessfully ? rest : winner);
    }

    private async Task<CallSettled> MakeAsync(string id, Question question, BrainSlot slot, CancellationToken stop)
    {
        var isFree = false;
        try
        {
            var offer = slot.Place.Offer;
            var (mostIn, tokens) = BoundOf(question);
            var money = PriceOf(mostIn, question, offer);
            await ReserveAsync(id, offer.Tier, tokens, money, stop);
            await journal.RecordAsync(new CallReserved(id, slot.Agent, offer.Name, offer.Tier, tokens, money) { Model = offer.Model });
            var began = time.GetTimestamp();

            // What is called off before it is sent is certain to be unpaid.
            var reply = stop.IsCancellationRequested ? new BrainReply { Failure = CallSettled.NotWanted } : await ThinkAsync(id, question, slot, stop);
            var seconds = time.GetElapsedTime(began).TotalSeconds;
            var settled = Settled(id, question, offer, reply, mostIn, tokens, money) with { Seconds = seconds };
            if (settled.Reply is not null)
            {
                LatenciesOf(offer.Tier).Add(seconds);
            }

            // The brain is idle before the disk knows: who waits for its place reserves in the same append.
            isFree = true;
            brains.Free(slot);
            await journal.RecordAsync(settled);
            stop.ThrowIfCancellationRequested();
            return settled;
        }
        finally
        {
            if (!isFree)
            {
                brains.Free(slot);
            }

            Tell();
        }
    }

    /// <summary>Sets the most that the call may cost aside, and waits while what is under way may leave enough of the budget.</summary>
    private async Task ReserveAsync(string id, string tier, long tokens, decimal money, CancellationToken stop)
    {
        var ledger = progress.Ledger;
        while (ledger.Lacking(tier, 1, tokens, money) is { } lacking)
        {
            if (ledger.LackingForGood(tier, 1, tokens, money) is { } forGood)
            {
                throw new BudgetExhaustedException(forGood);
            }

            if (ledger.Open.Count == 0)
            {
                throw new BudgetExhaustedException(lacking);
            }

            await _settled.Task.WaitAsync(stop);
        }

        stop.ThrowIfCancellationRequested();
        ledger.Reserve(id, tier, 1, tokens, money);
    }

    private Task<BrainReply> ThinkAsync(string id, Question question, BrainSlot slot, CancellationToken stop)
    {
        var call = new BrainCall($"{goal}/{id}", slot.Place.Offer.Name, question.Messages, question.Temperature, question.MaxTokens)
        {
            Seed = question.Seed,
            SchemaName = question.SchemaName,
            Schema = question.Schema,
            Tools = question.Tools,
            WithLessons = question.WithLessons,
        };
        return brains.CarryAsync(call, slot, stop);
    }

    /// <summary>What a call counts for. What its server says is believed where it can be true; where it cannot, or nobody says, the call counts for all that was set aside.</summary>
    private static CallSettled Settled(string id, Question question, BrainOffer offer, BrainReply reply, long mostIn, long tokens, decimal money)
    {
        if (reply.Failure is { } why)
        {
            var failure = EntryText.Cut(why, EntryText.Short);
            return reply.MayHaveBeenPaid
                ? new CallSettled(id, mostIn, tokens - mostIn, money, 0) { Failure = failure, IsWrittenOff = true }
                : new CallSettled(id, 0, 0, 0, 0) { Failure = reply.IsRefused ? Refused + failure : failure };
        }

        if (!CallBound.IsPlausible(reply.TokensIn, reply.TokensOut, mostIn, question.MaxTokens, reply.Text.Length))
        {
            return new CallSettled(id, mostIn, tokens - mostIn, money, 0) { Reply = Bounded(reply).ToJson(), IsWrittenOff = true };
        }

        var (tokensIn, tokensOut) = (reply.TokensIn!.Value, reply.TokensOut!.Value);
        return new CallSettled(id, tokensIn, tokensOut, CallBound.Money(tokensIn, tokensOut, offer.PricePerMillionIn, offer.PricePerMillionOut), 0) { Reply = Bounded(reply).ToJson() };
    }

    /// <summary>As much of a reply as an entry of the log holds. What is cut of a tool's arguments is no JSON any more, and refused as such.</summary>
    private static BrainReply Bounded(BrainReply reply)
    {
        var text = EntryText.Cut(reply.Text, reply.Requests.IsEmpty ? EntryText.Most : MaxRequest);
        return reply with
        {
            Text = text,
            IsCut = reply.IsCut || text.Length < reply.Text.Length,
            Requests = [.. reply.Requests.Take(ToolLoop.MaxRequests).Select(request => new ToolRequest(
                EntryText.Cut(request.Id, EntryText.Short), EntryText.Cut(request.Tool, EntryText.Short), EntryText.Cut(request.Arguments, MaxRequest)))],
        };
    }

    private static (long In, long Tokens) BoundOf(Question question)
    {
        var tokens = (long)CallBound.MessageTokens;
        foreach (var message in question.Messages)
        {
            tokens += CallBound.TokensIn(message.Text, message.RequestId);
            foreach (var request in message.Requests)
            {
                tokens += CallBound.TokensIn(request.Tool, request.Arguments, request.Id);
            }
        }

        foreach (var tool in question.Tools)
        {
            tokens += CallBound.TokensIn(tool.Name, tool.Description) + CallBound.TokensInJson(tool.InputSchema);
        }

        tokens += question.Schema is { } schema ? CallBound.TokensInJson(schema) : 0;
        tokens += question.WithLessons ? BrainCall.MaxLessons + CallBound.MessageTokens : 0;
        return (tokens, tokens + question.MaxTokens);
    }

    private static decimal PriceOf(long mostIn, Question question, BrainOffer offer) =>
        CallBound.Money(mostIn, question.MaxTokens, offer.PricePerMillionIn, offer.PricePerMillionOut);

    private Latencies LatenciesOf(string tier) =>
        _latencies.TryGetValue(tier, out var known) ? known : _latencies[tier] = new Latencies();

    private void Tell()
    {
        var settled = _settled;
        _settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        settled.SetResult();
    }
}
