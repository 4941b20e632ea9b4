using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime.Hosting;

namespace Hive.Storage;

/// <summary>Gives a silo that holds authority its storage. The same calls serve both grain engines.</summary>
public static class StorageHostingExtensions
{
    /// <summary>Keeps grain states in the <see cref="HiveDatabase"/> among the silo's services.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="name">The name by which grains ask for this storage; <c>Default</c> also serves those that name none.</param>
    public static ISiloBuilder AddHiveGrainStorage(this ISiloBuilder builder, string name)
    {
        builder.Services.AddGrainStorage(name, (services, _) => new HiveGrainStorage(services.GetRequiredService<HiveDatabase>()));
        return builder;
    }

    /// <summary>Gives the silo reminders, kept in the <see cref="HiveDatabase"/> among its services.</summary>
    /// <param name="builder">The silo.</param>
    public static ISiloBuilder UseHiveReminderService(this ISiloBuilder builder)
    {
        builder.Services.AddReminders();
        builder.Services.Replace(ServiceDescriptor.Singleton<IReminderTable>(
            services => new HiveReminderTable(services.GetRequiredService<HiveDatabase>())));
        return builder;
    }
}
