namespace Hive.Swarm;

/// <summary>A campaign as it is asked for: the domain, what decides the campaign, the basin to begin with, and how long one experiment may take.</summary>
public sealed record CampaignRequest
{
    /// <summary>The longest that one experiment may take, in seconds: a day.</summary>
    public const double MostSeconds = 86_400;

    /// <summary>The domain.</summary>
    public required DomainRequest Domain { get; init; }

    /// <summary>What decides the campaign.</summary>
    public CampaignSpec Spec { get; init; } = new();

    /// <summary>The packet of the basin that agents begin with, as its canonical JSON; null to begin knowing nothing.</summary>
    public string? Basin { get; init; }

    /// <summary>How long one experiment may take, in seconds; one that takes longer has failed. Above 0, at most <see cref="MostSeconds"/>.</summary>
    public double Seconds { get; init; } = 600;

    /// <summary>The request as one JSON object: the same request gives the same text.</summary>
    public string ToJson() => JsonObjects.Write(writer =>
    {
        writer.WritePropertyName("domain");
        writer.WriteRawValue(Domain.ToJson());
        writer.WriteNumber("agents", Spec.Agents);
        writer.WriteNumber("experiments", Spec.Experiments);
        writer.WriteNumber("seed", Spec.Seed);
        writer.WriteNumber("window", Spec.Window);
        writer.WriteBoolean("isolated", Spec.IsIsolated);
        writer.WriteNumber("hostile", Spec.Hostile);
        writer.WriteBoolean("hostileSilent", Spec.IsHostileSilent);
        writer.WriteBoolean("defences", Spec.HasDefences);
        writer.WriteNumber("seconds", Seconds);
        if (Basin is not null) writer.WriteString("basin", Basin);
    });

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The JSON.</param>
    /// <exception cref="FormatException">It is no such object; the message says why.</exception>
    /// <exception cref="ArgumentException">A member is out of range; the message says which and what it may be.</exception>
    public static CampaignRequest Parse(string json)
    {
        var request = JsonObjects.Read(json, root => new CampaignRequest
        {
            Domain = DomainRequest.Parse(root.GetProperty("domain").GetRawText()),
            Spec = new CampaignSpec
            {
                Agents = root.GetProperty("agents").GetInt32(),
                Experiments = root.GetProperty("experiments").GetInt32(),
                Seed = root.GetProperty("seed").GetUInt64(),
                Window = root.GetProperty("window").GetInt32(),
                IsIsolated = root.GetProperty("isolated").GetBoolean(),
                Hostile = root.GetProperty("hostile").GetDouble(),
                IsHostileSilent = root.GetProperty("hostileSilent").GetBoolean(),
                HasDefences = root.GetProperty("defences").GetBoolean(),
            },
            Seconds = root.GetProperty("seconds").GetDouble(),
            Basin = root.TryGetProperty("basin", out var basin) ? basin.GetString() : null,
        });
        request.Spec.Validate();
        return request.Seconds is > 0 and <= MostSeconds ? request : throw new ArgumentException($"an experiment may take above 0 and at most {MostSeconds:N0} seconds, not {request.Seconds}");
    }
}
