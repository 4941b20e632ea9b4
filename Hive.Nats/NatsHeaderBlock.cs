using System.Buffers.Text;

namespace Hive.Nats;

/// <summary>
/// The headers of a received message, read in place:
/// <c>NATS/1.0 [status [description]]␍␊ *(name ":" value ␍␊) ␍␊</c>. Checked when the message came in; names are compared as they are written.
/// </summary>
public readonly ref struct NatsHeaderBlock
{
    private readonly ReadOnlySpan<byte> _block;

    internal NatsHeaderBlock(ReadOnlySpan<byte> block) => _block = block;

    internal static ReadOnlySpan<byte> Version => "NATS/1.0"u8;

    /// <summary>Whether the message has no headers.</summary>
    public bool IsEmpty => _block.IsEmpty;

    /// <summary>The block as it came.</summary>
    public ReadOnlySpan<byte> Bytes => _block;

    /// <summary>The status, such as 503 for "no responders"; 0 if there is none.</summary>
    public int Status
    {
        get
        {
            if (_block.IsEmpty)
            {
                return 0;
            }

            var rest = _block[Version.Length.._block.IndexOf((byte)'\r')];
            return rest is [(byte)' ', ..] && Utf8Parser.TryParse(rest[1..], out int status, out _) ? status : 0;
        }
    }

    /// <summary>The first value of a name.</summary>
    /// <param name="name">The name, in the letters it was written with.</param>
    /// <param name="value">Its value without surrounding blanks.</param>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        foreach (var header in this)
        {
            if (header.Name.SequenceEqual(name))
            {
                value = header.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Goes over the headers in order.</summary>
    public Enumerator GetEnumerator() => new(_block);

    /// <summary>Whether bytes keep the grammar, so that every other member may rely on it.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> block)
    {
        if (!block.StartsWith(Version))
        {
            return false;
        }

        for (var first = true; ; first = false)
        {
            var end = block.IndexOf("\r\n"u8);
            if (end < 0 || block[..end].IndexOfAny((byte)'\r', (byte)'\n') >= 0)
            {
                return false;
            }

            if (end == 0)
            {
                return block.Length == 2;
            }

            var line = block[..end];
            if (first ? line.Length > Version.Length && line[Version.Length] != (byte)' ' : line.IndexOf((byte)':') <= 0)
            {
                return false;
            }

            block = block[(end + 2)..];
        }
    }

    /// <summary>One header.</summary>
    public readonly ref struct Header
    {
        internal Header(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
        {
            Name = name;
            Value = value;
        }

        /// <summary>Its name.</summary>
        public ReadOnlySpan<byte> Name { get; }

        /// <summary>Its value without surrounding blanks.</summary>
        public ReadOnlySpan<byte> Value { get; }
    }

    /// <summary>Goes over the headers in order.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> block) => _rest = block.IsEmpty ? default : block[(block.IndexOf((byte)'\n') + 1)..];

        /// <summary>The header at hand.</summary>
        public Header Current { get; private set; }

        /// <summary>Goes on to the next header; false after the last.</summary>
        public bool MoveNext()
        {
            var end = _rest.IndexOf("\r\n"u8);
            if (end <= 0)
            {
                return false;
            }

            var colon = _rest.IndexOf((byte)':');
            Current = new Header(_rest[..colon], _rest[(colon + 1)..end].Trim((byte)' '));
            _rest = _rest[(end + 2)..];
            return true;
        }
    }
}
