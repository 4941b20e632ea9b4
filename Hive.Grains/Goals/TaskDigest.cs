using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Hive.Goals;

/// <summary>A fingerprint of a round's tasks: the log keeps it instead of the tasks, which follow from the log.</summary>
internal static class TaskDigest
{
    /// <summary>SHA-256 over every member of every task, the first 16 hexadecimal digits.</summary>
    public static string Of(IReadOnlyList<ExplorationTask> tasks)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[40];
        foreach (var task in tasks)
        {
            BinaryPrimitives.WriteInt32LittleEndian(numbers, task.Index);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[4..], task.Agent);
            BinaryPrimitives.WriteUInt64LittleEndian(numbers[8..], task.Seed);
            BinaryPrimitives.WriteInt64LittleEndian(numbers[16..], task.Evaluations);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[24..], task.Fresh ? 1 : 0);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[28..], task.Elites.Length);
            BinaryPrimitives.WriteDoubleLittleEndian(numbers[32..], task.Elites.Length > 0 ? task.Elites[0].Metric : 0);
            hash.AppendData(numbers);
            AppendText(hash, task.Strategy);
            AppendText(hash, task.Tier ?? "");
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private static void AppendText(IncrementalHash hash, string text)
    {
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(Math.Min(text.Length, 64))];
        hash.AppendData(bytes[..Encoding.UTF8.GetBytes(text.AsSpan(0, Math.Min(text.Length, 64)), bytes)]);
    }
}
