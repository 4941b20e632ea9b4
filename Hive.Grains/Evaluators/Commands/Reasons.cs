using System.Globalization;

namespace Hive.Evaluators.Commands;

/// <summary>Why a candidate could not be measured, in words fit for one line of a log.</summary>
internal static class Reasons
{
    /// <summary>What the program said of itself, or nothing.</summary>
    /// <param name="status">Its exit status; above 128 a signal's number is added.</param>
    /// <param name="errors">A summary of its standard error.</param>
    public static string Ended(int status, string errors) =>
        string.Create(CultureInfo.InvariantCulture, $"the evaluator ended with status {status}{Said(errors)}");

    /// <summary>It took too long.</summary>
    /// <param name="timeout">How long it had.</param>
    /// <param name="errors">A summary of its standard error.</param>
    public static string TimedOut(TimeSpan timeout, string errors) =>
        string.Create(CultureInfo.InvariantCulture, $"no answer within {timeout.TotalSeconds} s{Said(errors)}");

    private static string Said(string errors) => errors.Length == 0 ? "" : $"; on standard error: {errors}";
}
