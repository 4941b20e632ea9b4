using System.Text;

namespace Hive.Wasm.Text;

/// <summary>Parameters and results of a function type, as encoded value types.</summary>
internal sealed class Signature
{
    public ByteWriter Parameters { get; } = new();

    public ByteWriter Results { get; } = new();

    public uint ParameterCount { get; set; }

    public uint ResultCount { get; set; }

    public bool IsEmpty => ParameterCount == 0 && ResultCount == 0;

    /// <summary>Equal for equal signatures only.</summary>
    public string Key => $"{ParameterCount}:{Encoding.Latin1.GetString(Parameters.Written)}→{Encoding.Latin1.GetString(Results.Written)}";

    public void Write(ByteWriter target)
    {
        target.Byte(0x60);
        target.Unsigned(ParameterCount);
        target.Bytes(Parameters.Written);
        target.Unsigned(ResultCount);
        target.Bytes(Results.Written);
    }
}
