namespace Hive.Cognition;

/// <summary>Does several things at once, none of which outlives the whole.</summary>
internal static class Together
{
    /// <summary>Does them all. Where one fails, the others are called off, and waited for before the failure is told. What the budget does not allow calls nothing off: what is paid for comes to its end.</summary>
    /// <param name="count">How many things.</param>
    /// <param name="one">Does the thing of a number, from 0.</param>
    /// <param name="stop">Calls all of them off.</param>
    /// <returns>What came of each, in the order of the numbers.</returns>
    public static async Task<T[]> AllAsync<T>(int count, Func<int, CancellationToken, Task<T>> one, CancellationToken stop)
    {
        using var all = CancellationTokenSource.CreateLinkedTokenSource(stop);
        return await Task.WhenAll(Enumerable.Range(0, count).Select(GuardAsync).ToArray());

        async Task<T> GuardAsync(int number)
        {
            try
            {
                return await one(number, all.Token);
            }
            catch (Exception e) when (e is not BudgetExhaustedException)
            {
                await all.CancelAsync();
                throw;
            }
        }
    }
}
