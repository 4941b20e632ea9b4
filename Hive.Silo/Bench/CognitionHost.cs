using System.Globalization;
using Hive.Brains;
using Hive.Client;
using Hive.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Hive.Silo.Bench;

/// <summary>A hive of one process whose brains are scripted; its log is on disk, as that of <c>hive run</c> is.</summary>
internal sealed class CognitionHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly string _folder;

    private CognitionHost(IHost host, string folder) => (_host, _folder) = (host, folder);

    public IHive Hive => _host.Services.GetRequiredService<IHive>();

    public static async Task<CognitionHost> StartAsync(IBrains brains, CancellationToken cancellation)
    {
        var folder = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"hive-cognition-{Environment.ProcessId}-{Guid.NewGuid():N}"));
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton(brains);
        builder.AddHive(options => (options.Database, options.ResumeGoals) = (folder, false));
        var host = builder.Build();
        await host.StartAsync(cancellation);
        return new CognitionHost(host, folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
