using System.Collections.Immutable;

namespace Hive.Gossip;

/// <summary>How agents sign what they find, where strangers share the bus. Safe to use from several threads.</summary>
public interface IFindingSignature
{
    /// <summary>Signs in an agent's name.</summary>
    /// <param name="agent">An agent of this process.</param>
    /// <param name="statement"><see cref="Finding.Statement"/>.</param>
    /// <returns>At most <see cref="Finding.MaxSignatureBytes"/>.</returns>
    ImmutableArray<byte> Sign(string agent, ReadOnlySpan<byte> statement);

    /// <summary>Whether a signature is the agent's. Whatever it is given, it does not throw.</summary>
    /// <param name="agent">Who is said to have signed.</param>
    /// <param name="statement"><see cref="Finding.Statement"/>.</param>
    /// <param name="signature">What may be a signature.</param>
    bool IsValid(string agent, ReadOnlySpan<byte> statement, ReadOnlySpan<byte> signature);
}
