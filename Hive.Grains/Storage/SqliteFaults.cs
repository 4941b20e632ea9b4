using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hive.Storage;

/// <summary>SQLite's result codes (sqlite.org/rescode.html) in Hive's words.</summary>
internal static class SqliteFaults
{
    public static StorageException Translate(string file, SqliteException e) => e.SqliteErrorCode switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new(
            StorageFault.Locked,
            $"{file} is locked by another process. Wait for it to end, or stop it (fuser \"{file}\" names it), and try again.",
            e),
        raw.SQLITE_FULL => new(
            StorageFault.Full,
            $"There is no room left to write {file}. What was recorded before is intact; make room on that disk and try again.",
            e),
        raw.SQLITE_CORRUPT => Corrupt(file, e.Message, e),
        raw.SQLITE_NOTADB => NotADatabase(file, e),
        raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => NotWritable(file, e),
        raw.SQLITE_IOERR => new(
            StorageFault.Failed,
            $"The disk failed while {file} was read or written (SQLite code {e.SqliteExtendedErrorCode}). Check the disk and its free space; what was recorded before is intact where it can be read.",
            e),
        _ => new(StorageFault.Failed, $"{file}: {e.Message}", e),
    };

    public static StorageException Corrupt(string file, string? finding, Exception? inner) => new(
        StorageFault.Corrupt,
        $"{file} is damaged ({finding?.ReplaceLineEndings(" ") ?? "no details"}). Keep a copy; goals on intact pages can still be listed and shown, and " +
        $"sqlite3 \"{file}\" .recover | sqlite3 recovered.db saves what is left.",
        inner);

    public static StorageException NotADatabase(string file, Exception? inner) => new(
        StorageFault.NotAHiveDatabase,
        $"{file} is not a SQLite database; nothing in it was changed. Name another file, or move this one away.",
        inner);

    public static StorageException NotWritable(string file, Exception? inner) => new(
        StorageFault.NotWritable,
        $"{file} cannot be created or written. Check that its directory exists and that this user may write both, or name another file.",
        inner);
}
