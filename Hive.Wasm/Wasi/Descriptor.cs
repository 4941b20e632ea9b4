namespace Hive.Wasm;

/// <summary>What a file descriptor of a guest stands for.</summary>
internal abstract class Descriptor
{
    public const byte CharacterDevice = 2;
    public const byte DirectoryType = 3;
    public const byte RegularFile = 4;

    public abstract byte FileType { get; }

    public virtual ulong Inode => 0;

    public virtual ulong Size => 0;

    /// <summary>Reads; a null position means the descriptor's own.</summary>
    public virtual Errno Read(Span<byte> buffer, ulong? position, out int count)
    {
        count = 0;
        return Errno.BadDescriptor;
    }

    public virtual Errno Write(ReadOnlySpan<byte> bytes) => Errno.BadDescriptor;

    public virtual Errno Seek(long offset, int whence, out ulong position)
    {
        position = 0;
        return Errno.IllegalSeek;
    }
}

/// <summary>Standard input.</summary>
internal sealed class InputDescriptor(Stream? stream) : Descriptor
{
    public override byte FileType => CharacterDevice;

    public override Errno Read(Span<byte> buffer, ulong? position, out int count)
    {
        count = position is null ? stream?.Read(buffer) ?? 0 : 0;
        return position is null ? Errno.Success : Errno.IllegalSeek;
    }
}

/// <summary>Standard output or error, kept up to a bound.</summary>
internal sealed class OutputDescriptor(int limit) : Descriptor
{
    private readonly MemoryStream _kept = new();

    public override byte FileType => CharacterDevice;

    public byte[] Bytes => _kept.ToArray();

    public override Errno Write(ReadOnlySpan<byte> bytes)
    {
        if (_kept.Length + bytes.Length > limit) return Errno.NoSpace;
        _kept.Write(bytes);
        return Errno.Success;
    }
}

/// <summary>An open file.</summary>
internal sealed class FileDescriptor(FileLeaf file) : Descriptor
{
    private ulong _position;

    public override byte FileType => RegularFile;

    public override ulong Inode => file.Inode;

    public override ulong Size => (ulong)file.Content.Length;

    public override Errno Read(Span<byte> buffer, ulong? position, out int count)
    {
        var from = Math.Min(position ?? _position, Size);
        count = (int)Math.Min((ulong)buffer.Length, Size - from);
        file.Content.Span.Slice((int)from, count).CopyTo(buffer);
        if (position is null) _position = from + (ulong)count;
        return Errno.Success;
    }

    public override Errno Write(ReadOnlySpan<byte> bytes) => Errno.ReadOnly;

    public override Errno Seek(long offset, int whence, out ulong position)
    {
        position = _position;
        var from = whence switch
        {
            0 => 0L,
            1 => (long)_position,
            2 => file.Content.Length,
            _ => -1,
        };
        if (from < 0 || offset > long.MaxValue - from || from + offset < 0) return Errno.Invalid;
        position = _position = (ulong)(from + offset);
        return Errno.Success;
    }
}

/// <summary>An open directory.</summary>
internal sealed class DirectoryDescriptor(FileDirectory directory, string? preopened) : Descriptor
{
    public FileDirectory Directory => directory;

    /// <summary>The name it was opened under before the program began, if it was.</summary>
    public string? Preopened => preopened;

    public override byte FileType => DirectoryType;

    public override ulong Inode => directory.Inode;

    public override Errno Read(Span<byte> buffer, ulong? position, out int count)
    {
        count = 0;
        return Errno.IsDirectory;
    }
}
