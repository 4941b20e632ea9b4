using System.Globalization;

namespace Hive.Brains.Scripted;

/// <summary>Answers to what a scripted brain does not understand. They say themselves whether they are meant to be right, so that critics can know it.</summary>
internal static class UnknownQuestion
{
    private const string Sound = "scripted: a sound answer";
    private const string Faulty = "scripted: a faulty answer";

    public static string Answer(bool right, ulong draw) => right ? Sound : string.Create(CultureInfo.InvariantCulture, $"{Faulty}, number {(draw % 8) + 1}");

    public static bool IsRight(string candidate) => !candidate.Contains(Faulty, StringComparison.Ordinal);
}
