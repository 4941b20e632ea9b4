using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>
/// Writes what goes to other processes, and reads what came from there. A service of every silo's and client's host; safe for use by many threads.
/// Whatever bytes it is given to read, it reads them or throws <see cref="WireFormatException"/>. Messages are trees: an object that is in one twice
/// arrives as two, and one that contains itself is refused.
/// </summary>
public sealed class WireSerializer
{
    private readonly ConcurrentDictionary<Type, Codec> _codecs = new();
    private readonly GrainManifest _manifest;
    private readonly Lazy<GrainFactory> _factory;
    private readonly FrozenDictionary<Type, string> _names;
    private readonly FrozenDictionary<string, Type> _types;
    private readonly FrozenDictionary<string, ExceptionShape> _shapes;
    private readonly FrozenDictionary<Type, ExceptionShape> _shapesByType;

    /// <summary>Knows what a host's list knows.</summary>
    internal WireSerializer(GrainManifest manifest, Func<GrainFactory> factory)
    {
        _manifest = manifest;
        _factory = new Lazy<GrainFactory>(factory);
        var names = new Dictionary<Type, string>();
        foreach (var (name, codec) in Scalars.All().Concat(ByteCodecs.All()))
        {
            _codecs[codec.Type] = codec;
            names[codec.Type] = name;
        }

        foreach (var (type, description) in manifest.Serializables) names[type] = description.Name;
        _names = names.ToFrozenDictionary();
        _types = names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
        _shapesByType = PlatformExceptions.All().Concat(manifest.Exceptions.Values.Select(description => description.Create())).ToFrozenDictionary(shape => shape.Type);
        _shapes = _shapesByType.Values.ToFrozenDictionary(NameOf, StringComparer.Ordinal);
    }

    internal GrainFactory Factory => _factory.Value;

    /// <summary>Writes a value by itself.</summary>
    /// <exception cref="CodecNotFoundException">The type, or one of a member, does not say how it travels.</exception>
    /// <exception cref="WireFormatException">The value is nested too deeply, or contains itself.</exception>
    public void Write<T>(T value, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var writer = new WireWriter(this, output);
        writer.Write(value);
        writer.Flush();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="WireFormatException">The bytes are something else.</exception>
    public T Read<T>(ReadOnlySpan<byte> input)
    {
        var reader = new WireReader(this, input);
        try
        {
            var value = reader.Read<T>();
            reader.End();
            return value;
        }
        catch (Exception exception) when (IsOfBytes(exception))
        {
            throw Unreadable(typeof(T).ToString(), exception);
        }
    }

    /// <summary>Writes a call: which method, of which grain, what travels along (<see cref="RequestContext"/>), and the arguments.</summary>
    /// <exception cref="CodecNotFoundException">An argument's type does not say how it travels.</exception>
    public void WriteCall(GrainCall call, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(output);
        var writer = new WireWriter(this, output);
        writer.WriteFixed64(call.WireMethod.WireId);
        writer.Write(call.GrainId);
        RequestContextData.Write(ref writer, call.Context);
        try
        {
            call.WriteBody(ref writer);
        }
        catch (CodecNotFoundException exception)
        {
            throw new CodecNotFoundException($"{call} cannot be sent. {exception.Message}", exception);
        }

        writer.Flush();
    }

    /// <summary>Reads what <see cref="WriteCall"/> wrote, for <see cref="ICallReceiver.ReceiveAsync"/> to run.</summary>
    /// <param name="input">The bytes; nothing refers to them afterwards.</param>
    /// <param name="grainId">The grain that is called.</param>
    /// <exception cref="WireFormatException">The bytes are something else.</exception>
    /// <exception cref="OrleansException">No interface of this process has the method.</exception>
    public GrainCall ReadCall(ReadOnlySpan<byte> input, out GrainId grainId)
    {
        var reader = new WireReader(this, input);
        var method = default(GrainMethod);
        try
        {
            var wireId = reader.ReadFixed64();
            grainId = reader.Read<GrainId>();
            if (grainId.Type.IsDefault) throw reader.Wrong("The call names no grain");
            method = _manifest.MethodsByWireId.GetValueOrDefault(wireId)
                ?? throw new OrleansException($"A call of {grainId} came whose method ({wireId:x16}) is known to no interface here: the caller was built from other sources.");
            var context = RequestContextData.Read(ref reader);
            var call = method.CreateCall().ReadBody(ref reader);
            reader.End();
            call.Context = context;
            return call;
        }
        catch (Exception exception) when (IsOfBytes(exception))
        {
            throw Unreadable($"call of {method?.Id ?? "a grain"}", exception);
        }
    }

    /// <summary>Writes what a call returned that <see cref="ICallReceiver.ReceiveAsync"/> has run without a failure.</summary>
    /// <exception cref="CodecNotFoundException">The result's type does not say how it travels.</exception>
    public void WriteResult(GrainCall call, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(output);
        var writer = new WireWriter(this, output);
        call.WriteResult(ref writer);
        writer.Flush();
    }

    /// <summary>Reads what <see cref="WriteResult"/> wrote, and ends the call here with it: with a failure, if the bytes are something else.</summary>
    public void ReadResult(GrainCall call, ReadOnlySpan<byte> input)
    {
        ArgumentNullException.ThrowIfNull(call);
        var reader = new WireReader(this, input);
        try
        {
            call.ReadResult(ref reader);
            call.Release();
        }
        catch (Exception exception)
        {
            call.Fail(IsOfBytes(exception) ? Unreadable($"result of {call}", exception) : exception);
        }
    }

    /// <summary>Writes why a call failed.</summary>
    public void WriteException(Exception exception, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Write(exception, output);
    }

    /// <summary>
    /// Reads what <see cref="WriteException"/> wrote. It has its own type if that is one of the platform's common ones or is declared in a project that
    /// uses grains, and is an <see cref="OrleansException"/> that names it otherwise.
    /// </summary>
    /// <exception cref="WireFormatException">The bytes are something else.</exception>
    public Exception ReadException(ReadOnlySpan<byte> input) => Read<Exception>(input) ?? throw new WireFormatException("There is no exception where one was to be.");

    /// <summary>The codec of a type.</summary>
    /// <exception cref="CodecNotFoundException">The type does not say how it travels.</exception>
    public Codec<T> GetCodec<T>() => Unsafe.As<Codec<T>>(_codecs.TryGetValue(typeof(T), out var codec) ? codec : GetCodec(typeof(T)));

    /// <summary>The codec of a member's type. Called by generated code.</summary>
    /// <param name="member">The member, as <c>type.name</c>.</param>
    /// <exception cref="CodecNotFoundException">The type does not say how it travels.</exception>
    public Codec<T> GetCodec<T>(string member)
    {
        try
        {
            return GetCodec<T>();
        }
        catch (CodecNotFoundException exception)
        {
            throw new CodecNotFoundException($"{member}: {exception.Message}", exception);
        }
    }

    internal string NameOf(Exception exception) => exception.GetType().FullName ?? exception.GetType().Name;

    internal ExceptionShape? ShapeOf(Exception exception) => _shapesByType.GetValueOrDefault(exception.GetType());

    internal ExceptionShape? ShapeOf(string name) => _shapes.GetValueOrDefault(name);

    /// <summary>Writes an object with its type's name.</summary>
    internal void WriteNamed(ref WireWriter writer, object value)
    {
        if (!_names.TryGetValue(value.GetType(), out var name)) throw Unknown(value.GetType());
        var codec = GetCodec(value.GetType());
        writer.WriteByte((byte)(IsObject(codec) ? ObjectMark.Named : ObjectMark.Wrapped));
        writer.WriteString(name);
        codec.WriteAny(ref writer, value);
    }

    /// <summary>Reads what <see cref="WriteNamed"/> wrote after the mark.</summary>
    internal object ReadNamed(ref WireReader reader, ObjectMark mark, Type expected)
    {
        var name = reader.ReadString() ?? throw reader.Wrong("The name of a type is null");
        if (!_types.TryGetValue(name, out var type)) throw reader.Wrong($"A type is named '{name}', which is not known here");
        if (!expected.IsAssignableFrom(type)) throw reader.Wrong($"A {type} is no {expected}");
        var codec = GetCodec(type);
        if (IsObject(codec) != (mark == ObjectMark.Named)) throw reader.Wrong($"A {type} is marked {mark}");
        return codec.ReadAny(ref reader);
    }

    private static bool IsObject(Codec codec) => codec.Kind == WireKind.Object;

    private static string NameOf(ExceptionShape shape) => shape.Type.FullName ?? shape.Type.Name;

    /// <summary>Whether reading failed by what was read: also a constructor may refuse what it is given.</summary>
    private static bool IsOfBytes(Exception exception) => exception is not (OrleansException or OutOfMemoryException);

    private static WireFormatException Unreadable(string what, Exception exception) =>
        new($"The bytes are no {what}: {exception.Message}", exception);

    private static CodecNotFoundException Unknown(Type type) => new(
        $"{type} does not say how it travels: mark it [GenerateSerializer], give each of its members an [Id], and let its project say <UsesGrains>true</UsesGrains>.");

    private Codec GetCodec(Type type) => _codecs.TryGetValue(type, out var existing) ? existing : _codecs.GetOrAdd(type, Create);

    private Codec Create(Type type)
    {
        if (_manifest.Serializables.TryGetValue(type, out var description)) return description.Create();
        if (Shapes.Of(type, GetCodec) is { } made) return made;
        if (type.IsAssignableTo(typeof(Exception))) return Shapes.ExceptionOf(type);
        if (type.IsAssignableTo(typeof(IAddressable))) return Shapes.ReferenceOf(type);
        if (type == typeof(object) || ((type.IsInterface || type.IsAbstract) && !type.IsGenericType)) return Shapes.AnyOf(type);
        throw Unknown(type);
    }
}
