using System.Buffers;

namespace Hive.Engine.Tests.Embedded.Wire;

/// <summary>A serializer as a host has it, without a host.</summary>
internal static class WireRig
{
    public static WireSerializer Serializer { get; } = new(GrainManifest.OfApplication(), () => throw new InvalidOperationException("This test has no host."));

    public static byte[] Bytes<T>(T value)
    {
        var output = new ArrayBufferWriter<byte>();
        Serializer.Write(value, output);
        return output.WrittenSpan.ToArray();
    }

    public static T Copy<T>(T value) => Serializer.Read<T>(Bytes(value));
}
