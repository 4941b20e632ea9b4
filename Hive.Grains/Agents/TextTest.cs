using Hive.Goals;

namespace Hive.Agents;

/// <summary>Has a goal's test program judge a text.</summary>
internal static class TextTest
{
    public static Task<TextTestResult> RunAsync(TestsCheck tests, string directory, string text, CancellationToken cancellation) =>
        Task.FromResult(new TextTestResult(false, $"cannot run in {directory}: {tests.TimeoutSeconds} {text.Length} {cancellation.IsCancellationRequested}"));
}
