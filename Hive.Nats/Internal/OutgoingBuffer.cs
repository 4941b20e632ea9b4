using System.Buffers;

namespace Hive.Nats.Internal;

/// <summary>What became of a command that was to be sent.</summary>
internal enum Admission
{
    /// <summary>It is in the buffer and will be sent, unless the connection is lost first.</summary>
    Accepted,

    /// <summary>The buffer is full.</summary>
    Full,

    /// <summary>No server is connected.</summary>
    Disconnected,

    /// <summary>The connection is closed.</summary>
    Closed,
}

/// <summary>
/// The bytes that wait to be sent: any thread appends whole commands, at most one writer takes all of them at once, and the bound counts both what waits and what
/// is being written. While no server is connected it keeps what may wait for one; what waits when a server is lost, is lost with it.
/// </summary>
internal sealed class OutgoingBuffer(int bound)
{
    /// <summary>Room beyond the bound for the few bytes that keep a connection alive.</summary>
    private const int ControlReserve = 4096;

    private readonly Lock _gate = new();

    private GrowingBuffer _waiting = new();

    private GrowingBuffer _written = new();

    private OutgoingWriter? _writer;

    private TaskCompletionSource? _room;

    private bool _composing;

    private bool _closed;

    /// <summary>Appends a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="mayWait">Whether it may wait here for a server to be connected.</param>
    /// <param name="control">Whether it may use the reserve.</param>
    public Admission TryAppend<TCommand>(scoped ref TCommand command, bool mayWait = false, bool control = false)
        where TCommand : IClientCommand, allows ref struct
    {
        OutgoingWriter? writer;
        WriterDuty duty;
        lock (_gate)
        {
            var size = command.Size;
            if (Admit(size, mayWait, control) is var admission and not Admission.Accepted)
            {
                return admission;
            }

            command.Write(_waiting.Extend(size));
            writer = _writer;
            duty = writer?.NextDuty(_waiting.Length) ?? WriterDuty.None;
        }

        writer?.Perform(duty);
        return Admission.Accepted;
    }

    /// <summary>Appends a message whose payload is written straight into this buffer; nothing stays of it if the payload cannot be written or does not fit.</summary>
    public Admission TryCompose<TState>(scoped ref ComposedPublish head, int maxPayload, TState state, Action<TState, IBufferWriter<byte>> compose)
        where TState : allows ref struct
    {
        OutgoingWriter? writer;
        WriterDuty duty;
        lock (_gate)
        {
            if (Admit(head.Size, mayWait: false, control: false) is var admission and not Admission.Accepted)
            {
                return admission;
            }

            var mark = _waiting.Length;
            var kept = false;
            try
            {
                _composing = true;
                head.Write(_waiting.Extend(head.Size));
                var start = _waiting.Length;
                compose(state, _waiting);
                var payload = _waiting.Length - start;
                head.CheckSize(payload, maxPayload);
                head.PatchSize(_waiting.Slice(mark, head.Size), payload);
                "\r\n"u8.CopyTo(_waiting.Extend(2));
                kept = _waiting.Length + _written.Length <= bound;
            }
            finally
            {
                _composing = false;
                if (!kept)
                {
                    _waiting.Truncate(mark);
                }
            }

            if (!kept)
            {
                return Admission.Full;
            }

            writer = _writer;
            duty = writer?.NextDuty(_waiting.Length) ?? WriterDuty.None;
        }

        writer?.Perform(duty);
        return Admission.Accepted;
    }

    /// <summary>Completes when the buffer may have room for a command, or has closed; the caller then tries again.</summary>
    public Task WaitForRoomAsync(int size, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_closed || Fits(size, 0))
            {
                return Task.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>Connects a writer; the preamble goes before all that waited.</summary>
    public void Attach(OutgoingWriter writer, ReadOnlySpan<byte> preamble)
    {
        WriterDuty duty;
        lock (_gate)
        {
            _waiting.Prepend(preamble);
            _writer = writer;
            duty = writer.NextDuty(_waiting.Length);
        }

        writer.Perform(duty);
    }

    /// <summary>Lets go of the writer, and of what was to go through it.</summary>
    public void Detach()
    {
        lock (_gate)
        {
            _writer = null;
            _waiting.Clear();

            // The writer may still be reading its bytes.
            _written = new GrowingBuffer();
            SignalRoom();
        }
    }

    /// <summary>Refuses everything from now on.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            SignalRoom();
        }
    }

    /// <summary>For a writer: what it wrote last is done with; takes all that waits. Empty if there is nothing, and the writer rests until its next duty.</summary>
    public ReadOnlyMemory<byte> Take(OutgoingWriter writer)
    {
        lock (_gate)
        {
            if (writer != _writer)
            {
                return default;
            }

            if (_written.Length > 0)
            {
                _written.Clear();
                SignalRoom();
            }

            if (_waiting.Length == 0)
            {
                writer.Rest();
                return default;
            }

            (_waiting, _written) = (_written, _waiting);
            return _written.Written;
        }
    }

    /// <summary>For a writer whose write completed at once: who writes what came in meanwhile.</summary>
    public WriterDuty Complete(OutgoingWriter writer)
    {
        lock (_gate)
        {
            if (writer != _writer)
            {
                return WriterDuty.None;
            }

            _written.Clear();
            SignalRoom();
            if (_waiting.Length > 0)
            {
                return WriterDuty.Deferred;
            }

            writer.Rest();
            return WriterDuty.None;
        }
    }

    /// <summary>Until <see cref="Uncork"/>, the bytes of the thread at hand wait, up to a bound.</summary>
    public void Cork(OutgoingWriter writer)
    {
        lock (_gate)
        {
            writer.SetCork(Environment.CurrentManagedThreadId);
        }
    }

    /// <summary>Ends <see cref="Cork"/>: who writes what waited.</summary>
    public WriterDuty Uncork(OutgoingWriter writer)
    {
        lock (_gate)
        {
            writer.SetCork(0);
            return writer == _writer ? writer.UncorkedDuty(_waiting.Length) : WriterDuty.None;
        }
    }

    private Admission Admit(int size, bool mayWait, bool control)
    {
        if (_composing)
        {
            throw new InvalidOperationException("A payload that is being written must not publish or subscribe.");
        }

        if (_closed)
        {
            return Admission.Closed;
        }

        if (_writer is null && !mayWait)
        {
            return Admission.Disconnected;
        }

        return Fits(size, control ? ControlReserve : 0) ? Admission.Accepted : Admission.Full;
    }

    private bool Fits(int size, int reserve) => (long)_waiting.Length + _written.Length + size <= (long)bound + reserve;

    private void SignalRoom()
    {
        _room?.TrySetResult();
        _room = null;
    }
}
