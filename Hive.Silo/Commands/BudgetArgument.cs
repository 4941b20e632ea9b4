using System.Globalization;
using Hive.Goals;
using Hive.Silo.Display;
using Hive.Silos;

namespace Hive.Silo.Commands;

/// <summary>Reads what may be spent more, as people write it on a command line: <c>tokens=100000,money=0.5,core=5</c>.</summary>
internal static class BudgetArgument
{
    private static readonly string[] Members = ["tokens", "money", "seconds", "rounds"];

    /// <summary>Reads it.</summary>
    /// <param name="text">Names and numbers.</param>
    /// <returns>The members of a goal file's budget, as JSON.</returns>
    /// <exception cref="BadInputException">It is none.</exception>
    public static string Read(string text)
    {
        var parts = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.Split('=', StringSplitOptions.TrimEntries) is not [var name, var number]
                || !(Members.Contains(name) || Tiers.All.Contains(name))
                || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
                || value <= 0
                || !parts.TryAdd(name, value))
            {
                throw new BadInputException($"--add-budget: '{part}' says not what may be spent more; write each of {string.Join(", ", Members.Concat(Tiers.All))} at most once with a number above 0, like tokens=100000,core=5");
            }
        }

        var json = JsonText.Of(writer =>
        {
            writer.WriteStartObject();
            foreach (var name in Members.Where(parts.ContainsKey))
            {
                writer.WriteNumber(name, parts[name]);
            }

            if (Tiers.All.Any(parts.ContainsKey))
            {
                writer.WriteStartObject("calls");
                foreach (var tier in Tiers.All.Where(parts.ContainsKey))
                {
                    writer.WriteNumber(tier, parts[tier]);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        });
        try
        {
            _ = Budgets.Read(json);
            return json;
        }
        catch (ArgumentException e)
        {
            throw new BadInputException($"--add-budget: {e.Message}");
        }
    }
}
