namespace Hive.Basins;

/// <summary>A domain's basins as the hub stores them.</summary>
public sealed class StoredBasins
{
    /// <summary>All that their keeper knows; absent where they are not founded.</summary>
    public BasinArchive? Archive { get; set; }

    /// <summary>What is to be stored of a keeper.</summary>
    /// <param name="keeper">The keeper.</param>
    public static StoredBasins Of(BasinKeeper keeper) => new() { Archive = keeper.Store() };

    /// <summary>The keeper; null where they are not founded.</summary>
    /// <exception cref="BasinRefusedException">A packet was changed in store.</exception>
    public BasinKeeper? Restore() => Archive is null ? null : BasinKeeper.Restore(Archive);
}
