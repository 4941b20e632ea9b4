namespace Hive.Brains.Scripted;

/// <summary>Knows simulated tasks. A prompt that names several, as an objective does, is answered right where all of them are.</summary>
internal sealed class SimulatedTasks : IScriptedSubject
{
    /// <summary>How many tasks of a prompt are looked at.</summary>
    public const int Most = 64;

    public ScriptedQuestion? Find(string prompt)
    {
        var tasks = All(prompt);
        return tasks.Count == 0 ? null : new Question(tasks);
    }

    /// <summary>The tasks that a text names, each once, in the order of the text.</summary>
    public static List<(long Seed, long N)> All(string text)
    {
        var tasks = new List<(long Seed, long N)>(1);
        for (var rest = text.AsSpan(); tasks.Count < Most && SimulatedTask.TryFind(rest, out var seed, out var n, out var end); rest = rest[end..])
        {
            if (!tasks.Contains((seed, n)))
            {
                tasks.Add((seed, n));
            }
        }

        return tasks;
    }

    private sealed class Question(List<(long Seed, long N)> tasks) : ScriptedQuestion
    {
        public override string Right => string.Join('\n', tasks.Select(task => SimulatedTask.Right(task.Seed, task.N)));

        /// <summary>One of the answers is wrong.</summary>
        public override string Wrong(ulong draw)
        {
            var wrong = (int)((draw >> 32) % (ulong)tasks.Count);
            return string.Join('\n', tasks.Select((task, i) => i == wrong ? SimulatedTask.Wrong(task.Seed, task.N, draw) : SimulatedTask.Right(task.Seed, task.N)));
        }

        public override bool IsRight(string candidate) => tasks.TrueForAll(task => SimulatedTask.IsRight(task.Seed, task.N, candidate));
    }
}
