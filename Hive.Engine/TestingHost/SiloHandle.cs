using Hive.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace Orleans.TestingHost;

/// <summary>A silo of a test cluster.</summary>
public abstract class SiloHandle : IDisposable, IAsyncDisposable
{
    private protected SiloHandle()
    {
    }

    /// <summary>Its name.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>Its number in the cluster, from 0, in the order of starting.</summary>
    public short InstanceNumber { get; set; }

    /// <summary>Its address.</summary>
    public SiloAddress SiloAddress { get; set; } = null!;

    /// <summary>Whether it has been neither stopped nor killed.</summary>
    public abstract bool IsActive { get; }

    /// <summary>Ends the silo.</summary>
    /// <param name="stopGracefully">Whether grains may finish and deactivate.</param>
    public abstract Task StopSiloAsync(bool stopGracefully);

    /// <summary>Ends the silo gently until the token is cancelled, then at once.</summary>
    public abstract Task StopSiloAsync(CancellationToken ct);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({SiloAddress})";
}

/// <summary>A silo of a test cluster, in this process.</summary>
public class InProcessSiloHandle : SiloHandle
{
    private bool _isEnded;

    internal InProcessSiloHandle(IHost host, short number)
    {
        SiloHost = host;
        Silo = host.Services.GetRequiredService<Silo>();
        Name = Silo.Name;
        InstanceNumber = number;
        SiloAddress = Silo.Address;
    }

    /// <summary>The silo's host.</summary>
    public IHost SiloHost { get; set; }

    /// <summary>The services of the silo's host.</summary>
    public IServiceProvider ServiceProvider => SiloHost.Services;

    /// <inheritdoc/>
    public override bool IsActive => !_isEnded;

    internal Silo Silo { get; }

    /// <inheritdoc/>
    public override async Task StopSiloAsync(bool stopGracefully)
    {
        if (stopGracefully)
        {
            await StopSiloAsync(CancellationToken.None);
        }
        else if (!_isEnded)
        {
            _isEnded = true;
            Silo.Kill();
            await SiloHost.StopAsync();
        }
    }

    /// <inheritdoc/>
    public override async Task StopSiloAsync(CancellationToken ct)
    {
        if (_isEnded) return;
        _isEnded = true;
        await SiloHost.StopAsync(ct);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await StopSiloAsync(stopGracefully: true);
        if (SiloHost is IAsyncDisposable disposable) await disposable.DisposeAsync();
        else SiloHost.Dispose();
        GC.SuppressFinalize(this);
    }
}
