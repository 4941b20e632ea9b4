using System.Text;
using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>The identities of observers: their key is the name of the silo or client that made the reference, a slash, and a number.</summary>
internal static class Observers
{
    internal static readonly GrainType Kind = GrainType.Create("observer");

    internal static GrainId IdOf(FabricMember owner, long number) => GrainId.Create(Kind, $"{owner.Name}/{number}");

    /// <summary>Whose observer it is; null for an identity of no observer.</summary>
    internal static string? OwnerOf(GrainId grainId)
    {
        if (grainId.Type != Kind) return null;
        var key = grainId.Key.AsSpan();
        var slash = key.LastIndexOf((byte)'/');
        return slash > 0 ? Encoding.UTF8.GetString(key[..slash]) : null;
    }
}
