using System.Buffers.Binary;
using System.Text;

namespace Hive.Wasm;

public sealed partial class Wasi
{
    private const int MaxVectors = 1024;
    private const int MaxPath = 4096;
    private const int EntryHeader = 24;
    private const ulong AllRights = 0x1fffffff;

    private Descriptor? DescriptorAt(int fd) => (uint)fd < (uint)_descriptors.Count ? _descriptors[fd] : null;

    private Errno Known(int fd) => DescriptorAt(fd) is null ? Errno.BadDescriptor : Errno.Success;

    private Errno Close(int fd)
    {
        if (DescriptorAt(fd) is null) return Errno.BadDescriptor;
        _descriptors[fd] = null;
        return Errno.Success;
    }

    private Errno Renumber(int from, int to)
    {
        if (DescriptorAt(from) is not { } moved || DescriptorAt(to) is null) return Errno.BadDescriptor;
        _descriptors[from] = null;
        _descriptors[to] = moved;
        return Errno.Success;
    }

    private Errno DescriptorStatus(Memory memory, int fd, int result)
    {
        if (DescriptorAt(fd) is not { } descriptor) return Errno.BadDescriptor;
        var status = memory.GetSpan((uint)result, 24);
        status.Clear();
        status[0] = descriptor.FileType;
        BinaryPrimitives.WriteUInt64LittleEndian(status[8..], RightsOf(descriptor));
        BinaryPrimitives.WriteUInt64LittleEndian(status[16..], AllRights);
        return Errno.Success;
    }

    /// <summary>A stream may not be positioned: C libraries take it for a terminal by the lack of the rights to seek and tell.</summary>
    private static ulong RightsOf(Descriptor descriptor) => descriptor.FileType == Descriptor.CharacterDevice ? AllRights & ~0x24ul : AllRights;

    private Errno FileStatus(Memory memory, int fd, int result)
    {
        if (DescriptorAt(fd) is not { } descriptor) return Errno.BadDescriptor;
        WriteStatus(memory, result, descriptor.FileType, descriptor.Inode, descriptor.Size);
        return Errno.Success;
    }

    private static void WriteStatus(Memory memory, int result, byte fileType, ulong inode, ulong size)
    {
        var status = memory.GetSpan((uint)result, 64);
        status.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(status[8..], inode);
        status[16] = fileType;
        status[24] = 1;
        BinaryPrimitives.WriteUInt64LittleEndian(status[32..], size);
    }

    private Errno Preopened(Memory memory, int fd, int result)
    {
        if (DescriptorAt(fd) is not DirectoryDescriptor { Preopened: { } name }) return Errno.BadDescriptor;
        memory.Write((uint)result, 0);
        memory.Write((uint)result + 4L, Encoding.UTF8.GetByteCount(name));
        return Errno.Success;
    }

    private Errno PreopenedName(Memory memory, int fd, int path, int length)
    {
        if (DescriptorAt(fd) is not DirectoryDescriptor { Preopened: { } name }) return Errno.BadDescriptor;
        if (Encoding.UTF8.GetByteCount(name) > (uint)length) return Errno.Invalid;
        memory.WriteString((uint)path, name);
        return Errno.Success;
    }

    private Errno Read(Caller caller, Memory memory, int fd, int vectors, int count, ulong? position, int result)
    {
        if (DescriptorAt(fd) is not { } descriptor) return Errno.BadDescriptor;
        if ((uint)count > MaxVectors) return Errno.Invalid;
        var total = 0;
        for (var i = 0; i < count; i++)
        {
            var buffer = Vector(memory, vectors, i);
            var error = descriptor.Read(buffer, position + (ulong)total, out var read);
            if (error != Errno.Success) return error;
            caller.ChargeBytes(read);
            total += read;
            if (read < buffer.Length) break;
        }

        memory.Write((uint)result, total);
        return Errno.Success;
    }

    private Errno Write(Caller caller, Memory memory, int fd, int vectors, int count, int result)
    {
        if (DescriptorAt(fd) is not { } descriptor) return Errno.BadDescriptor;
        if ((uint)count > MaxVectors) return Errno.Invalid;
        var total = 0;
        for (var i = 0; i < count; i++)
        {
            var bytes = Vector(memory, vectors, i);
            caller.ChargeBytes(bytes.Length);
            var error = descriptor.Write(bytes);
            if (error != Errno.Success) return error;
            total += bytes.Length;
        }

        memory.Write((uint)result, total);
        return Errno.Success;
    }

    private static Span<byte> Vector(Memory memory, int vectors, int index)
    {
        var at = (uint)vectors + 8L * index;
        return memory.GetSpan(memory.Read<uint>(at), memory.Read<int>(at + 4));
    }

    private Errno Seek(Memory memory, int fd, long offset, int whence, int result)
    {
        if (DescriptorAt(fd) is not { } descriptor) return Errno.BadDescriptor;
        var error = descriptor.Seek(offset, whence, out var position);
        if (error == Errno.Success) memory.Write((uint)result, position);
        return error;
    }

    /// <summary>Entries from a position on, as many as fit; the last one may be cut, which tells the program to ask again.</summary>
    private Errno ReadDirectory(Memory memory, int fd, int buffer, int length, ulong cookie, int result)
    {
        if (DescriptorAt(fd) is not DirectoryDescriptor { Directory: var directory }) return Errno.BadDescriptor;
        var room = memory.GetSpan((uint)buffer, length);
        var used = 0;
        var next = cookie;
        foreach (var (name, node) in directory.Entries.Skip((int)Math.Min(cookie, int.MaxValue)))
        {
            var entry = new byte[EntryHeader + Encoding.UTF8.GetByteCount(name)];
            BinaryPrimitives.WriteUInt64LittleEndian(entry, ++next);
            BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(8), node.Inode);
            BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(16), entry.Length - EntryHeader);
            entry[20] = TypeOf(node);
            Encoding.UTF8.GetBytes(name, entry.AsSpan(EntryHeader));
            var copied = Math.Min(entry.Length, room.Length - used);
            entry.AsSpan(0, copied).CopyTo(room[used..]);
            used += copied;
            if (used == room.Length) break;
        }

        memory.Write((uint)result, used);
        return Errno.Success;
    }

    private Errno Find(Memory memory, int fd, int path, int length, out FileNode node)
    {
        node = null!;
        if ((uint)length > MaxPath) return Errno.Invalid;
        return DescriptorAt(fd) switch
        {
            null => Errno.BadDescriptor,
            DirectoryDescriptor directory => FileTree.Find(directory.Directory, memory.GetSpan((uint)path, length), out node),
            _ => Errno.NotDirectory,
        };
    }

    private Errno PathStatus(Memory memory, int fd, int path, int length, int result)
    {
        var error = Find(memory, fd, path, length, out var node);
        if (error == Errno.Success) WriteStatus(memory, result, TypeOf(node), node.Inode, node is FileLeaf file ? (ulong)file.Content.Length : 0);
        return error;
    }

    private Errno Open(Memory memory, int fd, int path, int length, int flags, long rights, int result)
    {
        const int Create = 1;
        const int MustBeDirectory = 2;
        const int Truncate = 8;
        const long RightToWrite = 0x40;
        var error = Find(memory, fd, path, length, out var node);
        if (error == Errno.NoEntry && (flags & Create) != 0) return Errno.ReadOnly;
        if (error != Errno.Success) return error;
        if (node is FileLeaf && (flags & MustBeDirectory) != 0) return Errno.NotDirectory;
        if ((flags & Truncate) != 0 || (node is FileLeaf && (rights & RightToWrite) != 0)) return Errno.ReadOnly;
        var slot = FreeSlot();
        if (slot < 0) return Errno.TooManyFiles;
        _descriptors[slot] = node is FileLeaf file ? new FileDescriptor(file) : new DirectoryDescriptor((FileDirectory)node, null);
        memory.Write((uint)result, slot);
        return Errno.Success;
    }

    private int FreeSlot()
    {
        var slot = _descriptors.IndexOf(null);
        if (slot >= 0 || _descriptors.Count >= _configuration.MaxOpenFiles) return slot;
        _descriptors.Add(null);
        return _descriptors.Count - 1;
    }

    private static byte TypeOf(FileNode node) => node is FileLeaf ? Descriptor.RegularFile : Descriptor.DirectoryType;
}
