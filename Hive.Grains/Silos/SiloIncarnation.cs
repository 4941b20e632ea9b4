using System.Security.Cryptography;

namespace Hive.Silos;

/// <summary>Which life of a silo this process is: random, so that a silo that was restarted is told from the one before it.</summary>
public sealed class SiloIncarnation
{
    /// <summary>16 hexadecimal digits.</summary>
    public string Id { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}
