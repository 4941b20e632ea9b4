using FsCheck;
using FsCheck.Fluent;
using Hive.Brains.Scripted;

namespace Hive.Brains.Tests.Scripted;

public sealed class SimulatedTaskTests
{
    [Fact]
    public void A_right_answer_is_right_in_any_text_and_a_wrong_one_beside_it_spoils_it() =>
        Prop.ForAll<NonNegativeInt, NonNegativeInt, int>((seed, n, draw) =>
        {
            var right = SimulatedTask.Right(seed.Get, n.Get);
            var wrong = SimulatedTask.Wrong(seed.Get, n.Get, (ulong)draw);
            return SimulatedTask.IsRight(seed.Get, n.Get, $"It is {right}.")
                && !SimulatedTask.IsRight(seed.Get, n.Get, wrong)
                && !SimulatedTask.IsRight(seed.Get, n.Get, $"{right} or {wrong}")
                && !SimulatedTask.IsRight(seed.Get, n.Get, right + "0")
                && !SimulatedTask.IsRight(seed.Get, n.Get + 1, right);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_token_is_found_in_any_text() =>
        Prop.ForAll<string, NonNegativeInt, NonNegativeInt>((before, seed, n) =>
            SimulatedTask.TryFind($"{before} [task x of SIM-1] {SimulatedTask.Prompt(seed.Get, n.Get)}", out var foundSeed, out var found, out _)
            && (foundSeed, found) == (seed.Get, n.Get))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_in_a_text_makes_the_search_fail() =>
        Prop.ForAll<string>(text => !SimulatedTask.TryFind($"[task {text} of SIM-", out _, out _, out _)).QuickCheckThrowOnFailure();
}
