namespace Hive.Wasm;

public sealed partial class Wasi
{
    /// <summary>Offers the whole interface. A call with a pointer outside memory returns <c>EFAULT</c>.</summary>
    internal void Define(Linker linker)
    {
        DefineProcess(linker);
        DefineDescriptors(linker);
        DefinePaths(linker);
        DefineAbsent(linker);
    }

    private void DefineProcess(Linker linker)
    {
        Add(linker, "args_get", (Caller c, int a, int b) => Guard(c, m => CopyStrings(m, _arguments, a, b)));
        Add(linker, "args_sizes_get", (Caller c, int a, int b) => Guard(c, m => Sizes(m, _arguments, a, b)));
        Add(linker, "environ_get", (Caller c, int a, int b) => Guard(c, m => CopyStrings(m, _environment, a, b)));
        Add(linker, "environ_sizes_get", (Caller c, int a, int b) => Guard(c, m => Sizes(m, _environment, a, b)));
        Add(linker, "clock_res_get", (Caller c, int clock, int result) => Guard(c, m => ClockResolution(m, clock, result)));
        Add(linker, "clock_time_get", (Caller c, int clock, long _, int result) => Guard(c, m => ClockTime(m, clock, result)));
        Add(linker, "random_get", (Caller c, int buffer, int length) => Guard(c, m => Random(c, m, buffer, length)));
        Add(linker, "poll_oneoff", (Caller c, int a, int b, int count, int result) => Guard(c, m => Poll(m, a, b, count, result)));
        Add(linker, "sched_yield", () => 0);
        Add(linker, "proc_exit", (Action<int>)(code => throw new WasiExitException(code)));
    }

    private void DefineDescriptors(Linker linker)
    {
        Add(linker, "fd_advise", (int fd, long _, long _, int _) => (int)Known(fd));
        Add(linker, "fd_close", (int fd) => (int)Close(fd));
        Add(linker, "fd_datasync", (int fd) => (int)Known(fd));
        Add(linker, "fd_sync", (int fd) => (int)Known(fd));
        Add(linker, "fd_fdstat_get", (Caller c, int fd, int result) => Guard(c, m => DescriptorStatus(m, fd, result)));
        Add(linker, "fd_fdstat_set_flags", (int fd, int _) => (int)Known(fd));
        Add(linker, "fd_fdstat_set_rights", (int fd, long _, long _) => (int)Known(fd));
        Add(linker, "fd_filestat_get", (Caller c, int fd, int result) => Guard(c, m => FileStatus(m, fd, result)));
        Add(linker, "fd_prestat_get", (Caller c, int fd, int result) => Guard(c, m => Preopened(m, fd, result)));
        Add(linker, "fd_prestat_dir_name", (Caller c, int fd, int path, int length) => Guard(c, m => PreopenedName(m, fd, path, length)));
        Add(linker, "fd_read", (Caller c, int fd, int vectors, int count, int result) => Guard(c, m => Read(c, m, fd, vectors, count, null, result)));
        Add(linker, "fd_pread", (Caller c, int fd, int vectors, int count, long at, int result) =>
            Guard(c, m => Read(c, m, fd, vectors, count, (ulong)at, result)));
        Add(linker, "fd_write", (Caller c, int fd, int vectors, int count, int result) => Guard(c, m => Write(c, m, fd, vectors, count, result)));
        Add(linker, "fd_readdir", (Caller c, int fd, int buffer, int length, long cookie, int result) =>
            Guard(c, m => ReadDirectory(m, fd, buffer, length, (ulong)cookie, result)));
        Add(linker, "fd_renumber", (int from, int to) => (int)Renumber(from, to));
        Add(linker, "fd_seek", (Caller c, int fd, long offset, int whence, int result) => Guard(c, m => Seek(m, fd, offset, whence, result)));
        Add(linker, "fd_tell", (Caller c, int fd, int result) => Guard(c, m => Seek(m, fd, 0, 1, result)));
    }

    private void DefinePaths(Linker linker)
    {
        Add(linker, "path_filestat_get", (Caller c, int fd, int _, int path, int length, int result) => Guard(c, m => PathStatus(m, fd, path, length, result)));
        Add(linker, "path_open", (Caller c, int fd, int _, int path, int length, int flags, long rights, long _, int _, int result) =>
            Guard(c, m => Open(m, fd, path, length, flags, rights, result)));
    }

    /// <summary>What would change files is refused as on a read-only file system; signals and sockets do not exist.</summary>
    private static void DefineAbsent(Linker linker)
    {
        Add(linker, "fd_allocate", (int _, long _, long _) => (int)Errno.ReadOnly);
        Add(linker, "fd_filestat_set_size", (int _, long _) => (int)Errno.ReadOnly);
        Add(linker, "fd_filestat_set_times", (int _, long _, long _, int _) => (int)Errno.ReadOnly);
        Add(linker, "fd_pwrite", (int _, int _, int _, long _, int _) => (int)Errno.ReadOnly);
        Add(linker, "path_create_directory", (int _, int _, int _) => (int)Errno.ReadOnly);
        Add(linker, "path_filestat_set_times", (int _, int _, int _, int _, long _, long _, int _) => (int)Errno.ReadOnly);
        Add(linker, "path_link", (int _, int _, int _, int _, int _, int _, int _) => (int)Errno.ReadOnly);
        Add(linker, "path_readlink", (int _, int _, int _, int _, int _, int _) => (int)Errno.Invalid);
        Add(linker, "path_remove_directory", (int _, int _, int _) => (int)Errno.ReadOnly);
        Add(linker, "path_rename", (int _, int _, int _, int _, int _, int _) => (int)Errno.ReadOnly);
        Add(linker, "path_symlink", (int _, int _, int _, int _, int _) => (int)Errno.ReadOnly);
        Add(linker, "path_unlink_file", (int _, int _, int _) => (int)Errno.ReadOnly);
        Add(linker, "proc_raise", (int _) => (int)Errno.NoSystemCall);
        Add(linker, "sock_accept", (int _, int _, int _) => (int)Errno.NoSystemCall);
        Add(linker, "sock_recv", (int _, int _, int _, int _, int _, int _) => (int)Errno.NoSystemCall);
        Add(linker, "sock_send", (int _, int _, int _, int _, int _) => (int)Errno.NoSystemCall);
        Add(linker, "sock_shutdown", (int _, int _) => (int)Errno.NoSystemCall);
    }

    private static void Add(Linker linker, string name, Delegate function) => linker.Define(ModuleName, name, HostFunction.Deferred(linker.Engine, function));

    private static int Guard(Caller caller, Func<Memory, Errno> call)
    {
        if (caller.FirstMemory is not { } memory) return (int)Errno.Fault;
        try
        {
            return (int)call(memory);
        }
        catch (ArgumentOutOfRangeException)
        {
            return (int)Errno.Fault;
        }
    }
}
