namespace Hive.Engine;

// Tuples are objects whose members have the ids 0, 1, 2, ...
internal sealed class PairCodec<TKey, TValue>(Codec<TKey> first, Codec<TValue> second) : ObjectCodec<KeyValuePair<TKey, TValue>>
{
    protected override void WriteFields(ref WireWriter writer, KeyValuePair<TKey, TValue> value)
    {
        writer.WriteField(0, first, value.Key);
        writer.WriteField(1, second, value.Value);
    }

    protected override KeyValuePair<TKey, TValue> ReadFields(ref WireReader reader)
    {
        TKey one = default!;
        TValue two = default!;
        var key = 0UL;
        while (reader.NextField(ref key, out var kind))
        {
            if (key == 0) one = reader.ReadField(first, kind);
            else if (key == 1) two = reader.ReadField(second, kind);
            else reader.Skip(kind);
        }

        return new KeyValuePair<TKey, TValue>(one, two);
    }
}

internal sealed class ValueTupleCodec<T1, T2>(Codec<T1> first, Codec<T2> second) : ObjectCodec<(T1 First, T2 Second)>
{
    protected override void WriteFields(ref WireWriter writer, (T1 First, T2 Second) value)
    {
        writer.WriteField(0, first, value.First);
        writer.WriteField(1, second, value.Second);
    }

    protected override (T1 First, T2 Second) ReadFields(ref WireReader reader)
    {
        (T1 First, T2 Second) value = default;
        var key = 0UL;
        while (reader.NextField(ref key, out var kind))
        {
            if (key == 0) value.First = reader.ReadField(first, kind);
            else if (key == 1) value.Second = reader.ReadField(second, kind);
            else reader.Skip(kind);
        }

        return value;
    }
}

internal sealed class ValueTupleCodec<T1, T2, T3>(Codec<T1> first, Codec<T2> second, Codec<T3> third) : ObjectCodec<(T1 First, T2 Second, T3 Third)>
{
    protected override void WriteFields(ref WireWriter writer, (T1 First, T2 Second, T3 Third) value)
    {
        writer.WriteField(0, first, value.First);
        writer.WriteField(1, second, value.Second);
        writer.WriteField(1, third, value.Third);
    }

    protected override (T1 First, T2 Second, T3 Third) ReadFields(ref WireReader reader)
    {
        (T1 First, T2 Second, T3 Third) value = default;
        var key = 0UL;
        while (reader.NextField(ref key, out var kind))
        {
            if (key == 0) value.First = reader.ReadField(first, kind);
            else if (key == 1) value.Second = reader.ReadField(second, kind);
            else if (key == 2) value.Third = reader.ReadField(third, kind);
            else reader.Skip(kind);
        }

        return value;
    }
}

internal sealed class ValueTupleCodec<T1, T2, T3, T4>(Codec<T1> first, Codec<T2> second, Codec<T3> third, Codec<T4> fourth)
    : ObjectCodec<(T1 First, T2 Second, T3 Third, T4 Fourth)>
{
    protected override void WriteFields(ref WireWriter writer, (T1 First, T2 Second, T3 Third, T4 Fourth) value)
    {
        writer.WriteField(0, first, value.First);
        writer.WriteField(1, second, value.Second);
        writer.WriteField(1, third, value.Third);
        writer.WriteField(1, fourth, value.Fourth);
    }

    protected override (T1 First, T2 Second, T3 Third, T4 Fourth) ReadFields(ref WireReader reader)
    {
        (T1 First, T2 Second, T3 Third, T4 Fourth) value = default;
        var key = 0UL;
        while (reader.NextField(ref key, out var kind))
        {
            if (key == 0) value.First = reader.ReadField(first, kind);
            else if (key == 1) value.Second = reader.ReadField(second, kind);
            else if (key == 2) value.Third = reader.ReadField(third, kind);
            else if (key == 3) value.Fourth = reader.ReadField(fourth, kind);
            else reader.Skip(kind);
        }

        return value;
    }
}

/// <summary>A tuple that is an object: around one that is a value, so that it can be null.</summary>
internal sealed class TupleCodec<TTuple, TValues>(Codec<TValues> values, Func<TTuple, TValues> toValues, Func<TValues, TTuple> toTuple) : ObjectCodec<TTuple>
    where TTuple : class
    where TValues : struct
{
    protected override void WriteFields(ref WireWriter writer, TTuple value) => writer.WriteField(0, values, toValues(value));

    protected override TTuple ReadFields(ref WireReader reader)
    {
        TValues read = default;
        var key = 0UL;
        while (reader.NextField(ref key, out var kind))
        {
            if (key == 0) read = reader.ReadField(values, kind);
            else reader.Skip(kind);
        }

        return toTuple(read);
    }
}
