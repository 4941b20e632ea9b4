using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Hive.Brains.Scripted;

namespace Hive.Brains.Tests.Scripted;

public sealed class ArithmeticTests
{
    private readonly Arithmetic _arithmetic = new();

    [Theory]
    [InlineData("What is 17 × 24?", "408")]
    [InlineData("17*24", "408")]
    [InlineData("2 + 3 × 4 − 5", "9")]
    [InlineData("3 - 10", "-7")]
    [InlineData("Use 2-3 sentences: how much is 40+2, please?", "42")]
    [InlineData("It has 9,000 items. 5 + 5", "10")]
    public void A_question_has_its_result(string prompt, string result) => Assert.Equal(result, _arithmetic.Find(prompt)?.Right);

    [Theory]
    [InlineData("")]
    [InlineData("no numbers + here")]
    [InlineData("pages 3-10")]
    [InlineData("v1.5 + 2.5 of x2 * 3")]
    [InlineData("999999999999999999 * 999999999999999999")]
    [InlineData("+ - × *")]
    [InlineData("1 +")]
    public void Other_text_is_no_question(string prompt) => Assert.Null(_arithmetic.Find(prompt));

    [Fact]
    public void Results_are_those_of_the_language_and_wrong_answers_are_wrong() =>
        Prop.ForAll<NonNegativeInt, NonNegativeInt, int>((a, b, draw) =>
        {
            var question = _arithmetic.Find(string.Create(CultureInfo.InvariantCulture, $"{a.Get} × {b.Get} + {a.Get}"))!;
            var result = ((long)a.Get * b.Get) + a.Get;
            return question.Right == result.ToString(CultureInfo.InvariantCulture) && question.IsRight($"It is {question.Right}.") && !question.IsRight(question.Wrong((ulong)draw));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_text_makes_it_fail() => Prop.ForAll<string, string>((before, after) =>
    {
        _arithmetic.Find($"{before}1 + {after}")?.IsRight(before + after);
        return true;
    }).QuickCheckThrowOnFailure();
}
