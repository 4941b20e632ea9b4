using System.Text;

namespace Hive.Building;

/// <summary>How git ended.</summary>
/// <param name="Status">Its exit status.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Error">What it said on standard error, in a line.</param>
internal sealed record GitResult(int Status, byte[] Output, string Error)
{
    /// <summary>Whether it did what it was asked.</summary>
    public bool IsSuccess => Status == 0;

    /// <summary>What it printed, without the last line end.</summary>
    public string Text => Encoding.UTF8.GetString(Output).TrimEnd('\n');

    /// <summary>This, where it succeeded.</summary>
    /// <param name="deed">What was tried, for the message.</param>
    /// <exception cref="BuildException">It failed.</exception>
    public GitResult OrThrow(string deed) =>
        IsSuccess ? this : throw new BuildException($"{deed} failed, as git says (exit status {Status}): {(Error.Length > 0 ? Error : "nothing")}");
}
