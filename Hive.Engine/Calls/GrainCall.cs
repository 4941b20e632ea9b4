using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>
/// One call of one grain method: its arguments, and the promise of its result. Generated code derives a class a method. A call is used once.
/// </summary>
public abstract class GrainCall : MailItem
{
    private volatile CallState _state;
    private CallCancellation? _cancellation;

    private protected GrainCall()
    {
    }

    /// <summary>The method.</summary>
    public abstract GrainMethod Method { get; }

    /// <summary>The grain that is called.</summary>
    public GrainId GrainId => Reference?.GrainId ?? Host?.GrainId ?? default;

    /// <summary>Writes the arguments, but for tokens. Overridden by generated code.</summary>
    public virtual void WriteArguments(ref WireWriter writer) => throw StaysHere();

    /// <summary>Reads what <see cref="WriteArguments"/> wrote. Overridden by generated code.</summary>
    public virtual void ReadArguments(ref WireReader reader) => throw StaysHere();

    /// <summary>The method that names the call between processes.</summary>
    internal virtual GrainMethod WireMethod => Method;

    /// <summary>Writes what comes after the method and the grain.</summary>
    internal virtual void WriteBody(ref WireWriter writer) => WriteArguments(ref writer);

    /// <summary>Reads what <see cref="WriteBody"/> wrote into a call that was just made, and gives the call to run.</summary>
    internal virtual GrainCall ReadBody(ref WireReader reader)
    {
        ReadArguments(ref reader);
        return this;
    }

    /// <summary>Cancelled when nobody waits for the outcome any more, for a transport to pass on.</summary>
    public CancellationToken Abandoned => CalleeToken;

    internal CancellationToken CallerToken => GetCallerToken();

    /// <summary>The token that the callee gets: cancelled with the caller's, when nobody waits any more, and when the silo dies.</summary>
    protected CancellationToken CalleeToken => Cancellation().Source.Token;

    /// <summary>What the caller called; null for what the engine itself calls.</summary>
    internal GrainReference? Reference { get; set; }

    /// <summary>Whether the call came from another process. Such a call runs here or is refused; it is never sent on.</summary>
    internal bool IsReceived { get; set; }

    /// <summary>The call in whose turn this one was made, until this one is done.</summary>
    internal GrainCall? Parent { get; set; }

    /// <summary>The activation that holds the call.</summary>
    internal Activation? Host { get; set; }

    /// <summary>The call before this one in the list of running calls, whose next is <see cref="MailItem.Next"/>.</summary>
    internal GrainCall? Previous { get; set; }

    internal RequestContextData? Context { get; set; }

    /// <summary>When the caller stops waiting, on the host's clock; 0 until a host has taken the call.</summary>
    internal long ExpiresAt { get; set; }

    internal TimeSpan Timeout { get; set; }

    /// <summary>Whether a sweep has found the call waiting before.</summary>
    internal bool WasSeenWaiting { get; set; }

    internal bool CancelOnTimeout { get; set; }

    internal CallState State
    {
        get => _state;
        set => _state = value;
    }

    internal bool IsOneWay => (Method.Options & GrainMethodOptions.OneWay) != 0;

    /// <summary>Whether the call keeps others out while it runs, unless both are read-only or the grain is reentrant.</summary>
    internal bool IsBlocking => (Method.Options & GrainMethodOptions.AlwaysInterleave) == 0;

    /// <summary>Whether the call keeps its grain from being idle.</summary>
    internal virtual bool IsUse => true;

    internal bool IsReadOnly => (Method.Options & GrainMethodOptions.ReadOnly) != 0;

    /// <summary>Whether there is an outcome, so that the caller no longer waits. The callee may still run.</summary>
    internal abstract bool IsSettled { get; }

    /// <summary>What the caller waits on, if it does.</summary>
    internal abstract Task? Completion { get; }

    internal abstract bool TrySetException(Exception exception);

    internal abstract bool TrySetCanceled(CancellationToken token);

    /// <summary>Writes what the call has returned.</summary>
    internal abstract void WriteResult(ref WireWriter writer);

    /// <summary>Reads what another process has written by <see cref="WriteResult"/>, which must be all that is left, and takes it for the result.</summary>
    internal abstract void ReadResult(ref WireReader reader);

    /// <summary>Sends the call on its way from here; the task ends with the call.</summary>
    internal abstract Task SendAsync(GrainReference reference);

    /// <summary>Calls the method and sees to its end. Runs on the activation.</summary>
    internal abstract void Execute(Activation activation);

    internal sealed override void Deliver(Activation activation) => activation.Accept(this);

    internal void ArmCancellation()
    {
        var token = CallerToken;
        if (!token.CanBeCanceled) return;
        Cancellation().Registration = token.UnsafeRegister(
            static (state, token) =>
            {
                var call = (GrainCall)state!;
                call.TrySetCanceled(token);
                call.CancelCallee();
            },
            this);
    }

    /// <summary>Lets go of everything that the call does not need once its callee has ended.</summary>
    internal void Release()
    {
        _cancellation?.Registration.Unregister();
        Parent = null;
        State = CallState.Done;
    }

    internal void CancelCallee()
    {
        try
        {
            Cancellation().Source.Cancel();
        }
        catch (AggregateException)
        {
            // What the callee registered on its own token failed; that is neither the caller's failure nor the engine's.
        }
    }

    internal void Abandon(Exception exception)
    {
        TrySetException(exception);
        CancelCallee();
    }

    internal bool TryExpire(long now)
    {
        if (ExpiresAt == 0 || now < ExpiresAt || IsSettled) return false;
        if (!TrySetException(new TimeoutException($"{this} did not respond within {Timeout}."))) return false;
        if (CancelOnTimeout) CancelCallee();
        OnExpired();
        return true;
    }

    /// <summary>An activation that wants to end does not wait for calls that nobody waits for.</summary>
    internal virtual void OnExpired()
    {
        if (Host is { IsLeaving: true } host) host.TryReceive(new EngineTurn(static _ => { }));
    }

    /// <summary>Names the grain and the method.</summary>
    public override string ToString() => $"{GrainId}.{Method.MethodName}";

    /// <summary>The token that the caller gave, if the method takes one. Overridden by generated code.</summary>
    protected virtual CancellationToken GetCallerToken() => CancellationToken.None;

    private NotSupportedException StaysHere() => new($"{this} cannot be sent to another process.");

    private CallCancellation Cancellation()
    {
        var existing = Volatile.Read(ref _cancellation);
        if (existing is not null) return existing;
        var created = new CallCancellation();
        return Interlocked.CompareExchange(ref _cancellation, created, null) ?? created;
    }

    private sealed class CallCancellation
    {
        public CancellationTokenSource Source { get; } = new();

        public CancellationTokenRegistration Registration { get; set; }
    }
}

/// <summary>Where a call is.</summary>
internal enum CallState
{
    /// <summary>On its way to an activation.</summary>
    Sent,

    /// <summary>At its activation, kept out by calls that run there.</summary>
    Waiting,

    /// <summary>Begun and not ended.</summary>
    Running,

    /// <summary>Ended, or dropped.</summary>
    Done,
}
