using System.Text;
using System.Text.Json;
using Hive.Client;
using Hive.Client.Grid;
using Hive.Silo.Display;
using Hive.Silos;

namespace Hive.Silo.Grid;

/// <summary>The silos that are here and can do what is asked for.</summary>
internal sealed class SilosVerb(IGrainFactory grains) : IGridVerb
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { MaxDepth = 4 };

    public string Name => GridApi.Silos;

    public async Task<byte[]> AnswerAsync(IHive hive, string user, JsonElement request, CancellationToken cancellation)
    {
        var query = request.Deserialize<SiloQuery>(Options) ?? new SiloQuery();
        var silos = await grains.GetGrain<IRegistryGrain>(IRegistryGrain.Key).FindAsync(query).WaitAsync(cancellation);
        return Encoding.UTF8.GetBytes(SiloText.Json(silos));
    }
}
