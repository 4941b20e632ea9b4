namespace Hive.Storage;

/// <summary>Instants as the database keeps them: units of 100 ns since 1970-01-01 UTC, exact for every <see cref="DateTimeOffset"/>.</summary>
internal static class Instants
{
    public static long ToStored(DateTimeOffset instant) => instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;

    public static DateTimeOffset FromStored(long stored) => new(stored + DateTimeOffset.UnixEpoch.Ticks, TimeSpan.Zero);
}
