namespace Hive.Research.Ml;

/// <summary>What the domain <c>ml</c> trains on, and for how long.</summary>
public sealed record MlOptions
{
    /// <summary>The least of <see cref="Work"/>: one step of the dearest model still fits.</summary>
    public const double LeastWork = 0.05;

    /// <summary>The most of <see cref="Work"/>.</summary>
    public const double MostWork = 1_000;

    /// <summary>
    /// The budget of an experiment as a multiple of the default, from <see cref="LeastWork"/> to <see cref="MostWork"/>. Values measured with different
    /// budgets are not comparable.
    /// </summary>
    public double Work { get; init; } = 1;

    /// <summary>A text file of the user's own, UTF-8; null for the documentation in the .NET SDK's reference pack.</summary>
    public string? TextFile { get; init; }

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the message says which and what the range is.</exception>
    public void Validate()
    {
        if (!(Work >= LeastWork && Work <= MostWork))
        {
            throw new ArgumentException($"the work of an experiment is {LeastWork} to {MostWork} times the default, not {Work}");
        }

        if (TextFile is { Length: 0 }) throw new ArgumentException("the text file has no name");
    }
}
