using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>Makes the codecs of types that are made of other types: each method is called with the codecs of its type arguments.</summary>
internal static class Shapes
{
    private static readonly FrozenDictionary<Type, string> Methods = new Dictionary<Type, string>
    {
        [typeof(Nullable<>)] = nameof(NullableOf),
        [typeof(List<>)] = nameof(ListOf),
        [typeof(ImmutableArray<>)] = nameof(ImmutableArrayOf),
        [typeof(IEnumerable<>)] = nameof(EnumerableOf),
        [typeof(ICollection<>)] = nameof(MutableCollectionOf),
        [typeof(IList<>)] = nameof(MutableListOf),
        [typeof(IReadOnlyCollection<>)] = nameof(ReadOnlyCollectionOf),
        [typeof(IReadOnlyList<>)] = nameof(ReadOnlyListOf),
        [typeof(ImmutableList<>)] = nameof(ImmutableListOf),
        [typeof(IImmutableList<>)] = nameof(AnyImmutableListOf),
        [typeof(Queue<>)] = nameof(QueueOf),
        [typeof(HashSet<>)] = nameof(HashSetOf),
        [typeof(ISet<>)] = nameof(SetOf),
        [typeof(IReadOnlySet<>)] = nameof(ReadOnlySetOf),
        [typeof(FrozenSet<>)] = nameof(FrozenSetOf),
        [typeof(ImmutableHashSet<>)] = nameof(ImmutableHashSetOf),
        [typeof(ImmutableSortedSet<>)] = nameof(ImmutableSortedSetOf),
        [typeof(Dictionary<,>)] = nameof(DictionaryOf),
        [typeof(IDictionary<,>)] = nameof(AnyDictionaryOf),
        [typeof(IReadOnlyDictionary<,>)] = nameof(ReadOnlyDictionaryOf),
        [typeof(ImmutableDictionary<,>)] = nameof(ImmutableDictionaryOf),
        [typeof(IImmutableDictionary<,>)] = nameof(AnyImmutableDictionaryOf),
        [typeof(ImmutableSortedDictionary<,>)] = nameof(ImmutableSortedDictionaryOf),
        [typeof(FrozenDictionary<,>)] = nameof(FrozenDictionaryOf),
        [typeof(KeyValuePair<,>)] = nameof(PairOf),
        [typeof(ValueTuple<,>)] = nameof(TwoOf),
        [typeof(ValueTuple<,,>)] = nameof(ThreeOf),
        [typeof(ValueTuple<,,,>)] = nameof(FourOf),
        [typeof(Tuple<,>)] = nameof(TwoObjectOf),
        [typeof(Tuple<,,>)] = nameof(ThreeObjectOf),
        [typeof(Tuple<,,,>)] = nameof(FourObjectOf),
    }.ToFrozenDictionary();

    /// <summary>The codec of a type that is made of others; null for any other type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="codecOf">Gives the codecs of its parts.</param>
    internal static Codec? Of(Type type, Func<Type, Codec> codecOf)
    {
        if (type.IsEnum) return Make(nameof(EnumOf), [type], []);
        if (type.IsSZArray) return Make(nameof(ArrayOf), [type.GetElementType()!], [codecOf(type.GetElementType()!)]);
        if (!type.IsConstructedGenericType || !Methods.TryGetValue(type.GetGenericTypeDefinition(), out var method)) return null;
        var arguments = type.GetGenericArguments();
        return Make(method, arguments, [.. arguments.Select(codecOf)]);
    }

    internal static Codec AnyOf(Type type) => Make(nameof(AnyOf), [type], []);

    internal static Codec ReferenceOf(Type type) => Make(nameof(ReferenceOf), [type], []);

    internal static Codec ExceptionOf(Type type) => Make(nameof(ExceptionOf), [type], []);

    private static Codec Make(string method, Type[] arguments, object[] codecs) =>
        (Codec)typeof(Shapes).GetMethods(BindingFlags.NonPublic | BindingFlags.Static)
            .Single(candidate => candidate.IsGenericMethodDefinition && candidate.Name == method)
            .MakeGenericMethod(arguments)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, codecs, null)!;

    private static AnyCodec<T> AnyOf<T>() => new();

    private static ReferenceCodec<T> ReferenceOf<T>()
        where T : class, IAddressable => new();

    private static ExceptionCodec<T> ExceptionOf<T>()
        where T : Exception => new();

    private static EnumCodec<T> EnumOf<T>()
        where T : struct, Enum => new();

    private static NullableCodec<T> NullableOf<T>(Codec<T> value)
        where T : struct => new(value);

    private static ArrayCodec<T> ArrayOf<T>(Codec<T> element) => new(element);

    private static ListCodec<T> ListOf<T>(Codec<T> element) => new(element);

    private static ImmutableArrayCodec<T> ImmutableArrayOf<T>(Codec<T> element) => new(element);

    private static CollectionCodec<IEnumerable<T>, T> EnumerableOf<T>(Codec<T> element) => new(element, static items => items);

    private static CollectionCodec<ICollection<T>, T> MutableCollectionOf<T>(Codec<T> element) => new(element, static items => new List<T>(items));

    private static CollectionCodec<IList<T>, T> MutableListOf<T>(Codec<T> element) => new(element, static items => new List<T>(items));

    private static CollectionCodec<IReadOnlyCollection<T>, T> ReadOnlyCollectionOf<T>(Codec<T> element) => new(element, static items => items);

    private static CollectionCodec<IReadOnlyList<T>, T> ReadOnlyListOf<T>(Codec<T> element) => new(element, static items => items);

    private static CollectionCodec<ImmutableList<T>, T> ImmutableListOf<T>(Codec<T> element) => new(element, static items => [.. items]);

    private static CollectionCodec<IImmutableList<T>, T> AnyImmutableListOf<T>(Codec<T> element) => new(element, static items => ImmutableList.Create(items));

    private static CollectionCodec<Queue<T>, T> QueueOf<T>(Codec<T> element) => new(element, static items => new Queue<T>(items));

    private static CollectionCodec<HashSet<T>, T> HashSetOf<T>(Codec<T> element) => new(element, static items => [.. items]);

    private static CollectionCodec<ISet<T>, T> SetOf<T>(Codec<T> element) => new(element, static items => new HashSet<T>(items));

    private static CollectionCodec<IReadOnlySet<T>, T> ReadOnlySetOf<T>(Codec<T> element) => new(element, static items => new HashSet<T>(items));

    private static CollectionCodec<FrozenSet<T>, T> FrozenSetOf<T>(Codec<T> element) => new(element, static items => items.ToFrozenSet());

    private static CollectionCodec<ImmutableHashSet<T>, T> ImmutableHashSetOf<T>(Codec<T> element) => new(element, static items => [.. items]);

    private static CollectionCodec<ImmutableSortedSet<T>, T> ImmutableSortedSetOf<T>(Codec<T> element) => new(element, static items => [.. items]);

    private static CollectionCodec<Dictionary<TKey, TValue>, KeyValuePair<TKey, TValue>> DictionaryOf<TKey, TValue>(Codec<TKey> key, Codec<TValue> value)
        where TKey : notnull => new(new PairCodec<TKey, TValue>(key, value), ToDictionary);

    private static CollectionCodec<IDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>> AnyDictionaryOf<TKey, TValue>(Codec<TKey> key, Codec<TValue> value)
        where TKey : notnull => new(new PairCodec<TKey, TValue>(key, value), ToDictionary);

    private static CollectionCodec<IReadOnlyDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>> ReadOnlyDictionaryOf<TKey, TValue>(
        Codec<TKey> key, Codec<TValue> value)
        where TKey : notnull => new(new PairCodec<TKey, TValue>(key, value), ToDictionary);

    private static CollectionCodec<ImmutableDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>> ImmutableDictionaryOf<TKey, TValue>(
        Codec<TKey> key, Codec<TValue> value)
        where TKey : notnull => new(new PairCodec<TKey, TValue>(key, value), static items => ToDictionary(items).ToImmutableDictionary());

    private static CollectionCodec<IImmutableDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>> AnyImmutableDictionaryOf<TKey, TValue>(
        Codec<TKey> key, Codec<TValue> value)
        where TKey : notnull => new(new PairCodec<TKey, TValue>(key, value), static items => ToDictionary(items).ToImmutableDictionary());

    private static CollectionCodec<ImmutableSortedDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>> ImmutableSortedDictionaryOf<TKey, TValue>(
        Codec<TKey> key, Codec<TValue> value)
        where TKey : notnull => new(new PairCodec<TKey, TValue>(key, value), static items => ToDictionary(items).ToImmutableSortedDictionary(OrderOf<TKey>()));

    private static CollectionCodec<FrozenDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>> FrozenDictionaryOf<TKey, TValue>(
        Codec<TKey> key, Codec<TValue> value)
        where TKey : notnull => new(new PairCodec<TKey, TValue>(key, value), static items => ToDictionary(items).ToFrozenDictionary());

    private static PairCodec<TKey, TValue> PairOf<TKey, TValue>(Codec<TKey> key, Codec<TValue> value) => new(key, value);

    private static ValueTupleCodec<T1, T2> TwoOf<T1, T2>(Codec<T1> first, Codec<T2> second) => new(first, second);

    private static ValueTupleCodec<T1, T2, T3> ThreeOf<T1, T2, T3>(Codec<T1> first, Codec<T2> second, Codec<T3> third) => new(first, second, third);

    private static ValueTupleCodec<T1, T2, T3, T4> FourOf<T1, T2, T3, T4>(Codec<T1> first, Codec<T2> second, Codec<T3> third, Codec<T4> fourth) =>
        new(first, second, third, fourth);

    private static TupleCodec<Tuple<T1, T2>, (T1, T2)> TwoObjectOf<T1, T2>(Codec<T1> first, Codec<T2> second) =>
        new(TwoOf(first, second), static tuple => tuple.ToValueTuple(), static values => values.ToTuple());

    private static TupleCodec<Tuple<T1, T2, T3>, (T1, T2, T3)> ThreeObjectOf<T1, T2, T3>(Codec<T1> first, Codec<T2> second, Codec<T3> third) =>
        new(ThreeOf(first, second, third), static tuple => tuple.ToValueTuple(), static values => values.ToTuple());

    private static TupleCodec<Tuple<T1, T2, T3, T4>, (T1, T2, T3, T4)> FourObjectOf<T1, T2, T3, T4>(
        Codec<T1> first, Codec<T2> second, Codec<T3> third, Codec<T4> fourth) =>
        new(FourOf(first, second, third, fourth), static tuple => tuple.ToValueTuple(), static values => values.ToTuple());

    private static Dictionary<TKey, TValue> ToDictionary<TKey, TValue>(KeyValuePair<TKey, TValue>[] items)
        where TKey : notnull
    {
        var dictionary = new Dictionary<TKey, TValue>(items.Length);
        foreach (var (key, value) in items)
        {
            if (key is null || !dictionary.TryAdd(key, value)) throw new WireFormatException($"A dictionary has the key '{key}' twice, or a null for a key.");
        }

        return dictionary;
    }

    // Texts are compared by their bytes, so that an order is the same on every machine, whatever its language.
    private static IComparer<T> OrderOf<T>() => typeof(T) == typeof(string) ? (IComparer<T>)(object)StringComparer.Ordinal : Comparer<T>.Default;
}
