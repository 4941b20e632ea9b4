using System.CommandLine;
using Hive.Silo.Hosting;

namespace Hive.Silo.Commands;

/// <summary>Options that several commands take, with one wording.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document on standard output and nothing else there." };

    public static Option<string> Data() => new("--data")
    {
        Description = "Where goals are kept: a folder, or postgres://user@host/database with the password in HIVE_DATABASE_PASSWORD or HIVE_DATABASE_PASSWORD_FILE.",
        DefaultValueFactory = _ => new HiveOptions().Database,
        HelpName = "FOLDER|URL",
    };

    public static Option<int> Cores() => new("--cores")
    {
        Description = "How many attempts run at once.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
        HelpName = "N",
    };

    public static Argument<string> GoalId() => new("id") { Description = "The goal's id, as hive goal list shows it; enough of its beginning to tell it from others." };
}
