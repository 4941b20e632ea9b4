using System.Runtime.CompilerServices;
using System.Text.Json;
using Hive.Client.Grid;
using Hive.Research;

namespace Hive.Silo.Grid;

/// <summary>A campaign on the hub of a grid, asked by way of the grid's requests. It stays there when whoever watches it leaves.</summary>
internal sealed class GridCampaign(GridHive hive, string id) : ICampaignGrain
{
    public Task<CampaignStatus> SubmitAsync(string request) => AskAsync(
        GridApi.ResearchSubmit,
        writer =>
        {
            writer.WritePropertyName("campaign");
            writer.WriteRawValue(request);
        },
        CancellationToken.None);

    public Task<CampaignStatus> ResumeAsync() => AskAsync(GridApi.ResearchResume, _ => { }, CancellationToken.None);

    /// <summary>The hub goes on without whoever watched.</summary>
    public Task StopAsync() => Task.CompletedTask;

    public Task<CampaignStatus> GetStatusAsync() => AskAsync(GridApi.ResearchStatus, _ => { }, CancellationToken.None);

    public async IAsyncEnumerable<CampaignEntry> WatchAsync(long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var entry in hive.WatchLogAsync(GridApi.ResearchWatch, id, after, cancellation))
        {
            yield return new CampaignEntry(entry.Sequence, entry.At, entry.Kind, entry.Json);
        }
    }

    private async Task<CampaignStatus> AskAsync(string verb, Action<Utf8JsonWriter> members, CancellationToken cancellation)
    {
        using var reply = await hive.AskAsync(
            verb,
            writer =>
            {
                writer.WriteString("id", id);
                members(writer);
            },
            cancellation);
        var status = reply.RootElement;
        try
        {
            return new CampaignStatus(
                status.GetProperty("id").GetString()!,
                status.GetProperty("campaign").GetRawText(),
                status.GetProperty("recorded").GetInt64(),
                status.GetProperty("isEnded").GetBoolean(),
                status.GetProperty("isAtWork").GetBoolean(),
                GridApi.Text(status, "trouble"));
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new GridException($"the hub's reply cannot be understood ({e.Message}); is it of another version?", e);
        }
    }
}
