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
internal sealed class BrainCaller(string goal, CognitionProgress progress, GoalJournal journal, BrainDirectory brains, IGrainFactory grains, TimeProvider time)
{
    /// <summary>How many times a question is asked where calls fail.</summary>
    private const int MaxTries = 4;

    /// <summary>A twin is not worth its price before a call has taken so long.</summary>
    private static readonly TimeSpan LeastPatience = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, Latencies> _latencies = new(StringComparer.Ordinal);
    private TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Asks until there is an answer, a few times at most.</summary>
    /// <exception cref="BudgetExhaustedException">The budget does not allow the call.</exception>
    /// <exception cref="NoAnswerException">Every try failed.</exception>
    /// <exception cref="OperationCanceledException">The answer is not wanted any more.</exception>
    public async Task<Answer> AskAsync(Question question, CancellationToken stop)
    {
        var failure = "";
        for (var i = 0; i < MaxTries; i++)
        {
            var id = i == 0 ? question.Id : FormattableString.Invariant($"{question.Id}~{i}");
            var settled = Known(id);
            if (settled is null)
            {
                settled = await CallAsync(id, question, stop);
            }

            if (settled.Reply is { } reply)
            {
                var by = progress.Reserved(settled.Call);
                return new Answer(BrainReply.FromJson(reply), by?.Agent ?? "", by?.Model ?? "");
            }

            failure = settled.Failure ?? "";
            if (settled is { TokensIn: 0, IsWrittenOff: false } && failure.StartsWith(Refused, StringComparison.Ordinal))
            {
                break;
            }
        }

        throw new NoAnswerException(failure);
    }

    private const string Refused = "refused: ";

    /// <summary>The answer to a call, or to its twin; a failure where neither has one.</summary>
    private CallSettled? Known(string id) => progress.Call(id) is { } first && first.Reply is null ? progress.Call(Twin(id)) ?? first : progress.Call(id) ?? progress.Call(Twin(id));

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
        using var second = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task<CallSettled> twin;
        if (progress.Ledger.Lacking(other.Place.Offer.Tier, 1, BoundOf(question).Tokens, PriceOf(question, other.Place.Offer)) is not null)
        {
            brains.Free(other);
            return await call;
        }

        twin = MakeAsync(Twin(id), question, other, second.Token);
        var winner = await Task.WhenAny(call, twin);
        if (winner.IsCompletedSuccessfully && (await winner).Reply is not null)
        {
            var (loser, end) = winner == call ? (twin, second) : (call, first);
            await end.CancelAsync();
            await Quietly(loser);
            return await winner;
        }

        var rest = winner == call ? twin : call;
        try
        {
            return await rest;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return await winner;
        }
    }

    private async Task<CallSettled> MakeAsync(string id, Question question, BrainSlot slot, CancellationToken stop)
    {
        try
        {
            var offer = slot.Place.Offer;
            var (mostIn, tokens) = BoundOf(question);
            var money = PriceOf(question, offer);
            await ReserveAsync(id, offer.Tier, tokens, money, stop);
            await journal.RecordAsync(new CallReserved(id, slot.Agent, offer.Name, offer.Tier, tokens, money) { Model = offer.Model });
            var began = time.GetTimestamp();
            var reply = await ThinkAsync(id, question, slot, stop);
            var seconds = time.GetElapsedTime(began).TotalSeconds;
            var settled = Settled(id, question, offer, reply, mostIn, tokens, money) with { Seconds = seconds };
            if (settled.Reply is not null)
            {
                LatenciesOf(offer.Tier).Add(seconds);
            }

            await journal.RecordAsync(settled);
            Tell();
            stop.ThrowIfCancellationRequested();
            return settled;
        }
        finally
        {
            brains.Free(slot);
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

    private async Task<BrainReply> ThinkAsync(string id, Question question, BrainSlot slot, CancellationToken stop)
    {
        var call = new BrainCall($"{goal}/{id}", slot.Place.Offer.Name, question.Messages, question.Temperature, question.MaxTokens)
        {
            Seed = question.Seed,
            SchemaName = question.SchemaName,
            Schema = question.Schema,
            Tools = question.Tools,
            WithLessons = question.WithLessons,
        };
        try
        {
            return await grains.GetGrain<IAgentGrain>(slot.Agent).ThinkAsync(call, stop);
        }
        catch (OperationCanceledException)
        {
            return new BrainReply { Failure = CallSettled.NotWanted, MayHaveBeenPaid = true };
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            return new BrainReply { Failure = $"the silo {slot.Place.Silo} was lost: {e.Message}", MayHaveBeenPaid = true };
        }
    }

    /// <summary>What a call counts for. What its server says is believed where it can be true; where it cannot, or nobody says, the call counts for all that was set aside.</summary>
    private static CallSettled Settled(string id, Question question, BrainOffer offer, BrainReply reply, long mostIn, long tokens, decimal money)
    {
        if (reply.Failure is { } failure)
        {
            return reply.MayHaveBeenPaid
                ? new CallSettled(id, mostIn, tokens - mostIn, money, 0) { Failure = failure, IsWrittenOff = true }
                : new CallSettled(id, 0, 0, 0, 0) { Failure = reply.IsRefused ? Refused + failure : failure };
        }

        if (!CallBound.IsPlausible(reply.TokensIn, reply.TokensOut, mostIn, question.MaxTokens, reply.Text.Length))
        {
            return new CallSettled(id, mostIn, tokens - mostIn, money, 0) { Reply = reply.ToJson(), IsWrittenOff = true };
        }

        var (tokensIn, tokensOut) = (reply.TokensIn!.Value, reply.TokensOut!.Value);
        return new CallSettled(id, tokensIn, tokensOut, CallBound.Money(tokensIn, tokensOut, offer.PricePerMillionIn, offer.PricePerMillionOut), 0) { Reply = reply.ToJson() };
    }

    private static (long In, long Tokens) BoundOf(Question question)
    {
        var tokens = (long)CallBound.MessageTokens;
        foreach (var message in question.Messages)
        {
            tokens += CallBound.TokensIn(message.Text);
            foreach (var request in message.Requests)
            {
                tokens += CallBound.TokensIn(request.Tool, request.Arguments, request.Id);
            }
        }

        foreach (var tool in question.Tools)
        {
            tokens += CallBound.TokensIn(tool.Name, tool.Description, tool.InputSchema);
        }

        tokens += question.Schema is { } schema ? CallBound.TokensIn(schema) : 0;
        tokens += question.WithLessons ? BrainCall.MaxLessons + CallBound.MessageTokens : 0;
        return (tokens, tokens + question.MaxTokens);
    }

    private static decimal PriceOf(Question question, BrainOffer offer) =>
        CallBound.Money(BoundOf(question).In, question.MaxTokens, offer.PricePerMillionIn, offer.PricePerMillionOut);

    private static async Task Quietly(Task task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException)
        {
            // The loser of a race was called off.
        }
    }

    private Latencies LatenciesOf(string tier) =>
        _latencies.TryGetValue(tier, out var known) ? known : _latencies[tier] = new Latencies();

    private void Tell()
    {
        var settled = _settled;
        _settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        settled.SetResult();
    }
}
