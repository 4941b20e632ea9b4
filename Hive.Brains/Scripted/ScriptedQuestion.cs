namespace Hive.Brains.Scripted;

/// <summary>A kind of question whose answers a scripted brain knows, so that it can be right and wrong as often as its script says.</summary>
internal interface IScriptedSubject
{
    /// <summary>The question that a prompt asks, or null where it asks none of this kind. Called for every call of a brain, at once from many threads.</summary>
    /// <param name="prompt">What the user said.</param>
    ScriptedQuestion? Find(string prompt);
}

/// <summary>A question with its right answer.</summary>
internal abstract class ScriptedQuestion
{
    /// <summary>The right answer.</summary>
    public abstract string Right { get; }

    /// <summary>A wrong answer.</summary>
    /// <param name="draw">Random bits that choose among the wrong ones.</param>
    public abstract string Wrong(ulong draw);

    /// <summary>Whether a candidate gives the right answer.</summary>
    /// <param name="candidate">What somebody answered; hostile.</param>
    public abstract bool IsRight(string candidate);
}
