using Hive.Client;
using Hive.Nats;
using Hive.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hive.Silo.Hosting;

/// <summary>A silo as the <c>hive</c> command hosts it: no configuration files are looked for and nothing listens, so that it starts at once.</summary>
internal sealed class RunningSilo : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    private readonly IHost _host;

    private RunningSilo(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public IHive Hive => _host.Services.GetRequiredService<IHive>();

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Whether the connection to the grid is over for good.</summary>
    public bool IsCutOff => _host.Services.GetService<NatsConnection>() is { State: NatsState.Closed };

    /// <summary>Starts a silo.</summary>
    /// <param name="configure">What it is told.</param>
    /// <param name="cancellation">Gives the start up.</param>
    public static async Task<RunningSilo> StartAsync(Action<HiveOptions> configure, CancellationToken cancellation)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Orleans", LogLevel.Error);

        // What stops the host is told once, by whoever started it.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Logging.AddProvider(new ErrorStreamLoggerProvider());
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);
        builder.AddHive(configure);
        var silo = new RunningSilo(builder.Build());
        try
        {
            // Opened before anything starts on them, so that their trouble is told as what it is.
            _ = silo.Services.GetService<HiveDatabase>();
            _ = silo.Services.GetService<NatsConnection>();
            await silo._host.StartAsync(cancellation);
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when the silo has been asked to stop.</summary>
    /// <param name="cancellation">Asks it to.</param>
    public Task WaitForShutdownAsync(CancellationToken cancellation) => _host.WaitForShutdownAsync(cancellation);

    /// <summary>Stops the silo gently: turns end, logs are flushed, evaluators are ended.</summary>
    /// <param name="patience">Cancelled: whatever has not ended by itself is cut off.</param>
    public Task StopAsync(CancellationToken patience) => _host.StopAsync(patience);

    /// <summary>Stops the silo gently and lets go of what it had.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
