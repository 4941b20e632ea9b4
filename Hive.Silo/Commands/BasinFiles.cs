using Hive.Basins;
using Hive.Silo.Hosting;

namespace Hive.Silo.Commands;

/// <summary>A basin that a command works with, and its space where that is known.</summary>
/// <param name="Packet">The packet.</param>
/// <param name="Space">What its factors are called; absent for a file that travelled alone.</param>
internal sealed record NamedBasin(BasinPacket Packet, BasinSpace? Space);

/// <summary>Basins in files: FILE is the packet, FILE.space describes its techniques, FILE.sig is its signature.</summary>
internal static class BasinFiles
{
    private const string SpaceSuffix = ".space";
    private const string SignatureSuffix = ".sig";

    /// <summary>The key that this hive signs with, made at its first use.</summary>
    public static BasinKey Key(string data) => Guarded(() => BasinKey.LoadOrCreate(Path.Combine(HubStorage.FolderOf(data), "basin-key.pem")));

    /// <summary>Whose signatures this hive takes: its own, and those of the keys in trusted-keys.json.</summary>
    public static TrustList Trusted(string data)
    {
        using var own = Key(data);
        var list = Guarded(() => TrustList.Load(Path.Combine(HubStorage.FolderOf(data), "trusted-keys.json")));
        return new TrustList([new TrustedKey("this hive", own.PublicKey, 1), .. list.Keys]);
    }

    public static NamedBasin Read(string file)
    {
        var packet = Guarded(() => BasinPacket.Read(Bytes(file, BasinPacket.MaxBytes)));
        var spaceFile = file + SpaceSuffix;
        var space = File.Exists(spaceFile) ? Guarded(() => BasinSpaceText.Read(Bytes(spaceFile, BasinSpaceText.MaxBytes))) : null;
        if (space is not null) Guarded(() => packet.PointIn(space));
        return new NamedBasin(packet, space);
    }

    /// <summary>How far the signature beside a file is trusted; null where there is none.</summary>
    public static double? Trust(string file, BasinPacket packet, string data)
    {
        if (!File.Exists(file + SignatureSuffix)) return null;
        return Guarded(() =>
        {
            var signature = BasinSignature.Read(Bytes(file + SignatureSuffix, BasinPacket.MaxBytes));
            var author = packet.Record.Author.Length > 0 ? packet.Record.Author : BasinKey.IdOf(signature.PublicKey);
            return Trusted(data).Check(signature, packet.Address, author);
        });
    }

    public static void Write(string file, NamedBasin basin, string data)
    {
        using var key = Key(data);
        Guarded(() =>
        {
            File.WriteAllBytes(file, basin.Packet.Bytes.ToArray());
            File.WriteAllBytes(file + SignatureSuffix, key.Sign(basin.Packet.Address).ToJson());
            if (basin.Space is { } space) File.WriteAllBytes(file + SpaceSuffix, BasinSpaceText.Write(space));
            return file;
        });
    }

    private static byte[] Bytes(string file, int most)
    {
        // One byte more than may be there tells that there are too many.
        using var stream = File.OpenRead(file);
        var bytes = new byte[most + 1];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    private static T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is BasinRefusedException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(e.Message);
        }
    }
}
