using Hive.Randomness;

namespace Hive.Research.Skills;

/// <summary>An example of a function.</summary>
/// <param name="Arguments">What it is given.</param>
/// <param name="Result">What it gives.</param>
internal sealed record SkillCase(long[] Arguments, long Result);

/// <summary>A function that is looked for, by examples: those of training are shown to the search, the others are hidden from it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arity">How many arguments it has, 1 to 4.</param>
/// <param name="Train">What the search sees.</param>
/// <param name="Validation">What measures its result.</param>
/// <param name="Test">What reviewers measure with.</param>
internal sealed record SkillTask(string Name, int Arity, SkillCase[] Train, SkillCase[] Validation, SkillCase[] Test)
{
    private const int Shown = 24;
    private const int Hidden = 40;

    /// <summary>The functions that come with Hive.</summary>
    public static IReadOnlyList<SkillTask> BuiltIn() =>
    [
        Of("maximum", 2, 1, a => Math.Max(a[0], a[1])),
        Of("distance", 2, 2, a => Math.Abs(a[0] - a[1])),
        Of("sum-of-squares", 2, 3, a => (a[0] * a[0]) + (a[1] * a[1])),
        Of("gray-code", 1, 4, a => a[0] ^ (a[0] >> 1)),
        Of("clamp", 3, 5, a => Math.Max(Math.Min(a[0], Math.Max(a[1], a[2])), Math.Min(a[1], a[2]))),
        Of("low-bit", 1, 6, a => a[0] & -a[0]),
        Of("linear", 2, 7, a => (3 * a[0]) - (2 * a[1]) + 5),
        Of("remainder", 2, 8, a => ((a[0] % 7) + a[1]) * 2),
    ];

    /// <summary>Examples of one's own, dealt out by their place: half to training, a quarter each to validation and test.</summary>
    /// <param name="name">The function's name.</param>
    /// <param name="cases">The examples, eight or more, all with as many arguments.</param>
    public static SkillTask Dealt(string name, IReadOnlyList<SkillCase> cases) => new(
        name,
        cases[0].Arguments.Length,
        [.. cases.Where((_, place) => place % 2 == 0)],
        [.. cases.Where((_, place) => place % 4 == 1)],
        [.. cases.Where((_, place) => place % 4 == 3)]);

    private static SkillTask Of(string name, int arity, ulong seed, Func<long[], long> function)
    {
        var random = new SeededRandom(seed);
        return new SkillTask(name, arity, Cases(Shown), Cases(Hidden), Cases(Hidden));

        SkillCase[] Cases(int count) => [.. Enumerable.Range(0, count).Select(_ =>
        {
            // Small and large arguments alike, so that what fits only one kind is found out.
            var arguments = Enumerable.Range(0, arity).Select(_ => (long)(random.NextGaussian() * Math.Pow(10, 3 * random.NextDouble()))).ToArray();
            return new SkillCase(arguments, function(arguments));
        })];
    }
}
