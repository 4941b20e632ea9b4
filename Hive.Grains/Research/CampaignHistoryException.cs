namespace Hive.Research;

/// <summary>A campaign's log does not tell what this version of Hive, or these data, can go on with; nothing of it was changed.</summary>
/// <param name="message">What does not fit, and what to do.</param>
[GenerateSerializer, Alias("hive.campaign-history")]
public sealed class CampaignHistoryException(string message) : Exception(message);
