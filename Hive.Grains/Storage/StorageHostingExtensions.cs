using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;
using Orleans.Hosting;
using Orleans.Providers;
using Orleans.Runtime.Hosting;

namespace Hive.Storage;

/// <summary>Gives a silo that holds authority its storage.</summary>
public static class StorageHostingExtensions
{
    /// <summary>
    /// Keeps the silo's grain states, reminders and goal logs in a database. The same call serves both grain engines.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="database">An open database; the caller closes it after the silo has stopped.</param>
    public static ISiloBuilder UseHiveDatabase(this ISiloBuilder builder, HiveDatabase database)
    {
        builder.Services.AddGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, (_, _) => new HiveGrainStorage(database));
        builder.Services.AddReminders();
        builder.Services.Replace(ServiceDescriptor.Singleton<IReminderTable>(new HiveReminderTable(database)));
        builder.Services.AddSingleton(database);
        builder.Services.AddSingleton<IGoalLog>(new DatabaseGoalLog(database));
        return builder;
    }
}
