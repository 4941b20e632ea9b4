using Hive.Swarm;

namespace Hive.Grains.Tests.Research;

/// <summary>Campaigns for the tests.</summary>
internal static class Requests
{
    public static string Small { get; } = Of(new CampaignSpec { Agents = 5, Experiments = 40 });

    public static string Of(CampaignSpec spec, double seconds = 60) => new CampaignRequest { Domain = new DomainRequest("field"), Spec = spec, Seconds = seconds }.ToJson();
}
