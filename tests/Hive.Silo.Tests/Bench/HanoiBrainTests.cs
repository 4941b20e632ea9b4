using Hive.Cognition.Votes;
using Hive.Silo.Bench;
using Microsoft.Extensions.AI;

namespace Hive.Silo.Tests.Bench;

public sealed class HanoiBrainTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(11)]
    public async Task The_rule_that_brains_are_told_moves_all_disks_as_the_recursion_does(int disks)
    {
        var brain = new HanoiBrain(1, 0, 1);
        var state = HanoiState.Start(disks).ToString();
        using var solver = new HanoiSolver(disks);
        var steps = 0L;
        for (; solver.Next() is { } expected; steps++)
        {
            state = await AskAsync(brain, state, 0);
            Assert.Equal(expected, state);
        }

        Assert.Equal(HanoiSolver.Steps(disks), steps);
        Assert.EndsWith($"; A; B; C {string.Join(' ', Enumerable.Range(1, disks).Reverse())}", state);
    }

    [Fact]
    public async Task Answers_are_wrong_and_malformed_as_often_as_was_said_and_wrong_ones_differ()
    {
        const int Answers = 20_000;
        var brain = new HanoiBrain(0.9, 0.05, 7);
        var format = new AnswerFormat(HanoiState.Pattern, HanoiState.MaxCharacters(8));
        var state = Later(8, 77);
        Assert.True(HanoiState.TryParse(state, out var read));
        var right = read.Next()!.ToString();
        var (malformed, wrong) = (0, new Dictionary<string, int>());
        for (var vote = 0; vote < Answers; vote++)
        {
            if (!format.TryRead(await AskAsync(brain, state, vote), out var answer, out _))
            {
                malformed++;
            }
            else if (answer != right)
            {
                wrong[answer] = wrong.GetValueOrDefault(answer) + 1;
            }
        }

        Assert.InRange(malformed, 0.045 * Answers, 0.055 * Answers);
        Assert.InRange(wrong.Values.Sum(), 0.1 * 0.92 * (Answers - malformed), 0.1 * 1.08 * (Answers - malformed));
        Assert.True(wrong.Count >= 5, string.Join('\n', wrong.Keys));
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_answer_whatever_else_was_asked()
    {
        var state = Later(6, 20);
        var first = new HanoiBrain(0.5, 0.1, 3);
        var second = new HanoiBrain(0.5, 0.1, 3);
        var answers = new List<string>();
        for (var vote = 0; vote < 100; vote++)
        {
            answers.Add(await AskAsync(first, state, vote));
        }

        for (var vote = 99; vote >= 0; vote--)
        {
            Assert.Equal(answers[vote], await AskAsync(second, state, vote));
        }

        Assert.True(answers.Distinct().Count() > 3);
    }

    [Theory]
    [InlineData("")]
    [InlineData("move none")]
    [InlineData("move none; A 2 1; B; C; D")]
    [InlineData("move none; A 3 1; B; C")]
    [InlineData("move none; A 2 1; B 1; C")]
    [InlineData("move 1 A>D; A 2; B 1; C")]
    [InlineData("move x; A 2 1; B; C")]
    [InlineData("move none; A 2  1; B; C")]
    [InlineData("move none; A 99999999999; B; C")]
    [InlineData("move none; B 2 1; A; C")]
    public void What_is_no_state_is_not_read(string text) => Assert.False(HanoiState.TryParse(text, out _));

    [Fact]
    public void A_state_is_read_as_it_was_written()
    {
        using var solver = new HanoiSolver(9);
        while (solver.Next() is { } text)
        {
            Assert.True(HanoiState.TryParse(text, out var state));
            Assert.Equal(text, state.ToString());
            Assert.Matches($"^{HanoiState.Pattern}$", text);
            Assert.True(text.Length <= HanoiState.MaxCharacters(9));
        }
    }

    private static string Later(int disks, int steps)
    {
        using var solver = new HanoiSolver(disks);
        var state = "";
        for (var step = 0; step < steps; step++)
        {
            state = solver.Next()!;
        }

        return state;
    }

    private static async Task<string> AskAsync(HanoiBrain brain, string state, long vote)
    {
        var response = await brain.GetResponseAsync([new ChatMessage(ChatRole.User, $"Make the next move.\n\n{state}\n")], new ChatOptions { Seed = vote });
        return response.Text;
    }
}
