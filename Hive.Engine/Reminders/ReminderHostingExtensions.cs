using Hive.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Orleans.Hosting;

/// <summary>Gives a silo reminders.</summary>
public static class SiloBuilderReminderExtensions
{
    /// <summary>Gives the silo reminders, kept in the <see cref="IReminderTable"/> among its services.</summary>
    public static ISiloBuilder AddReminders(this ISiloBuilder builder)
    {
        builder.Services.AddReminders();
        return builder;
    }

    /// <inheritdoc cref="AddReminders(ISiloBuilder)"/>
    public static void AddReminders(this IServiceCollection services)
    {
        services.AddOptions<ReminderOptions>()
            .Validate(
                static options => options.MinimumReminderPeriod > TimeSpan.Zero && options.RefreshReminderListPeriod > TimeSpan.Zero,
                "The times of ReminderOptions must be longer than zero.");
        services.TryAddSingleton<ReminderService>();
    }
}

/// <summary>Keeps reminders in memory.</summary>
public static class SiloBuilderReminderMemoryExtensions
{
    /// <summary>Gives the silo reminders that are lost with the process, unless an <see cref="IReminderTable"/> has been registered.</summary>
    public static ISiloBuilder UseInMemoryReminderService(this ISiloBuilder builder)
    {
        builder.AddReminders();
        builder.Services.TryAddSingleton<IReminderTable>(static services => services.GetRequiredService<SiloFabric>().ReminderTable);
        return builder;
    }
}
