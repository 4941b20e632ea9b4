using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Hive.Engine.Tests.Embedded.Wire;

public enum Small : byte
{
    None,
    One,
    Last = 255,
}

public enum Signed : long
{
    Least = long.MinValue,
    Zero = 0,
}

/// <summary>A member of every shape that travels.</summary>
[GenerateSerializer, Alias("test.everything")]
public sealed record Everything
{
    [Id(0)]
    public required string Text { get; init; }

    [Id(1)]
    public string? Missing { get; init; }

    [Id(2)]
    public int Number { get; set; }

    [Id(3)]
    public double? Maybe { get; init; }

    [Id(4)]
    public Small Small { get; init; }

    [Id(5)]
    public Signed Signed { get; init; }

    [Id(6)]
    public DateTimeOffset At { get; init; }

    [Id(7)]
    public byte[] Bytes { get; init; } = [];

    [Id(8)]
    public ImmutableArray<double> Point { get; init; } = [];

    [Id(9)]
    public List<string?> Names { get; init; } = [];

    [Id(20)]
    public Dictionary<string, int> Counts { get; init; } = [];

    [Id(21)]
    public ImmutableSortedDictionary<string, Shape?> Shapes { get; init; } = ImmutableSortedDictionary<string, Shape?>.Empty;

    [Id(22)]
    public (int Left, string? Right) Pair { get; init; }

    [Id(23)]
    public Tuple<int, string>? Couple { get; init; }

    [Id(24)]
    public Shape? Shape { get; init; }

    [Id(25)]
    public object? Anything { get; init; }

    [Id(26)]
    public Everything? Inner { get; init; }

    [Id(27)]
    public FrozenSet<Guid> Set { get; init; } = FrozenSet<Guid>.Empty;

    [Id(28)]
    public ReadOnlyMemory<byte> Memory { get; init; }

    [Id(29)]
    public IReadOnlyList<Place> Places { get; init; } = [];

    [Id(30)]
    public GrainId Grain { get; init; }
}

[GenerateSerializer]
public readonly record struct Place([property: Id(0)] int X, [property: Id(1)] int Y);

/// <summary>A hierarchy: who reads a shape learns which it is.</summary>
[GenerateSerializer]
public abstract record Shape([property: Id(0)] string Name);

[GenerateSerializer, Alias("circle")]
public sealed record Circle(string Name, [property: Id(0)] double Radius) : Shape(Name);

[GenerateSerializer]
public record Polygon(string Name, [property: Id(0)] ImmutableArray<Place> Corners) : Shape(Name);

[GenerateSerializer]
public sealed record Labelled(string Name, ImmutableArray<Place> Corners, [property: Id(0)] string Label) : Polygon(Name, Corners)
{
    [Id(7)]
    public Shape? Within { get; init; }
}

/// <summary>What the language keeps from others travels too.</summary>
[GenerateSerializer]
public sealed class Closed
{
    [Id(2)]
    private readonly int _readOnly;

    [Id(3)]
    private string _hidden = "hidden";

    public Closed(int readOnly) => _readOnly = readOnly;

    private Closed()
    {
    }

    [Id(0)]
    public int Private { get; private set; }

    [Id(1)]
    public string GetOnly { get; } = "get";

    public static Closed Of(int number, string text) => new(number) { Private = number + 1, _hidden = text };

    public string Show() => $"{_readOnly} {Private} {GetOnly} {_hidden}";
}

/// <summary>A struct with fields.</summary>
[GenerateSerializer]
public struct Fields
{
    [Id(0)]
    public int First;

    [Id(1)]
    internal string? Second;
}

/// <summary>A message, and what later builds made of it.</summary>
[GenerateSerializer]
public sealed record FirstVersion([property: Id(0)] string Name, [property: Id(2)] int Age);

[GenerateSerializer]
public sealed record LaterVersion
{
    [Id(0)]
    public string Name { get; init; } = "nobody";

    [Id(1)]
    public Everything? Everything { get; init; }

    [Id(3)]
    public ImmutableArray<Shape> Shapes { get; init; } = [new Circle("default", 1)];

    [Id(4)]
    public int Rank { get; init; } = 5;

    [Id(5)]
    public Guid Guid { get; init; }

    [Id(6)]
    public float Half { get; init; }

    [Id(7)]
    public object? Any { get; init; }
}

[GenerateSerializer]
public sealed record LaterPositional([property: Id(0)] string Name, [property: Id(2)] int Age, [property: Id(3)] int Rank = 5, [property: Id(4)] string? Note = null);

/// <summary>A base class that came to have another member.</summary>
[GenerateSerializer]
public record WideBase([property: Id(0)] int A, [property: Id(1)] string B);

[GenerateSerializer]
public sealed record WideDerived(int A, string B, [property: Id(0)] string C) : WideBase(A, B);

[GenerateSerializer]
public record NarrowBase([property: Id(0)] int A);

[GenerateSerializer]
public sealed record NarrowDerived(int A, [property: Id(0)] string C) : NarrowBase(A);

/// <summary>May contain itself.</summary>
[GenerateSerializer]
public sealed class Knot
{
    [Id(0)]
    public List<Knot> Others { get; set; } = [];
}

/// <summary>Says nothing of how it travels.</summary>
public sealed record Silent(int Number);

[GenerateSerializer]
public sealed record Talkative([property: Id(0)] List<Silent> Friends);
