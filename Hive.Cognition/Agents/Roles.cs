namespace Hive.Cognition.Agents;

/// <summary>Spreads the attempts at a task over roles and temperatures, by their numbers alone, so that a goal repeats.</summary>
public static class Roles
{
    /// <summary>The role of an attempt: all four before any comes again.</summary>
    /// <param name="attempt">The attempt's number, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static Role Of(int attempt)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(attempt);
        return (Role)(attempt & 3);
    }

    /// <summary>The prompt of a role.</summary>
    /// <param name="role">The role.</param>
    /// <returns>Its name in the <see cref="Prompts.PromptLibrary"/>.</returns>
    public static string PromptOf(Role role) => role switch
    {
        Role.Explorer => "role-explorer",
        Role.Sceptic => "role-sceptic",
        Role.Tester => "role-tester",
        _ => "role-scout",
    };

    /// <summary>The temperature of an attempt: the middle of the range for the first, then a quarter, three quarters, and so on, so that however many there are they fill it
    /// evenly. This is the sequence of van der Corput to base 2, begun at its first term (Niederreiter, <i>Random Number Generation and Quasi-Monte Carlo Methods</i>, 1992,
    /// chapter 3).</summary>
    /// <param name="attempt">The attempt's number, from 0.</param>
    /// <param name="range">The range.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static double Temperature(int attempt, TemperatureRange range)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(attempt);
        var (place, digit) = (0.0, 0.5);
        for (var bits = (uint)attempt + 1; bits > 0; bits >>= 1)
        {
            if ((bits & 1) == 1) place += digit;
            digit /= 2;
        }

        return range.Low + (place * (range.High - range.Low));
    }
}
