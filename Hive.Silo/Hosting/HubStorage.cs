using Hive.Client.Grid;
using Hive.Goals;
using Hive.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace Hive.Silo.Hosting;

/// <summary>The hub's storage: one database for logs, grain state, reminders and locks; or all of it in memory.</summary>
internal static class HubStorage
{
    /// <summary>Where the database of a <see cref="HiveOptions.Database"/> lies.</summary>
    public static string LocationOf(string database) =>
        database.Contains("://", StringComparison.Ordinal) || database.Contains('=', StringComparison.Ordinal) ? database : Path.Combine(database, "hive.db");

    /// <summary>The folder for files beside the database: artifacts and locks.</summary>
    public static string FolderOf(string database) =>
        database == HiveOptions.InMemory || LocationOf(database) == database ? new HiveOptions().Database : database;

    /// <summary>How the database is opened: its password comes from HIVE_DATABASE_PASSWORD, or the file that HIVE_DATABASE_PASSWORD_FILE names.</summary>
    /// <exception cref="ArgumentException">The file cannot be read.</exception>
    public static HiveDatabaseOptions Options => new() { Password = EnvironmentSecret.Read("HIVE_DATABASE_PASSWORD") };

    public static void Add(ISiloBuilder silo, HiveOptions options)
    {
        var services = silo.Services;
        if (options.Database == HiveOptions.InMemory)
        {
            services.AddSingleton<IGoalLog>(provider => new MemoryGoalLog(provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton(GoalLocks.Unshared);
            silo.AddMemoryGrainStorage(HiveGrains.Storage);
        }
        else
        {
            if (options.Hub is { } hub)
            {
                services.AddSingleton(hub.Database);
            }
            else
            {
                // A container has no asynchronous factories; the database is opened once, before any grain lives.
                services.AddSingleton(provider => HiveDatabase
                    .OpenAsync(LocationOf(options.Database), Options, provider.GetRequiredService<TimeProvider>()).GetAwaiter().GetResult());
            }

            services.AddSingleton(provider => GoalLocks.Of(provider.GetRequiredService<HiveDatabase>()));
            services.AddSingleton<IGoalLog>(provider => new DatabaseGoalLog(provider.GetRequiredService<HiveDatabase>()));
            silo.AddHiveGrainStorage(HiveGrains.Storage);
            silo.UseHiveReminderService();
        }

        if (options.ResumeGoals)
        {
            services.AddHostedService<GoalResumer>();
            services.AddHostedService<CampaignResumer>();
        }
    }
}
