using System.Collections;

namespace Hive.Explorers;

/// <summary>Points to be measured together and, afterwards, their scores. Its arrays are used again and again; it is the list of those points that are asked for now.</summary>
internal sealed class Batch(int length) : IReadOnlyList<double[]>
{
    private double[][] _points = [];
    private Score[] _scores = [];
    private int _from;

    /// <summary>How many points are asked for now.</summary>
    public int Count { get; private set; }

    /// <summary>How many points it holds.</summary>
    public int Size { get; private set; }

    double[] IReadOnlyList<double[]>.this[int index] => _points[_from + index];

    public double[] PointAt(int index) => _points[index];

    public ref Score ScoreAt(int index) => ref _scores[index];

    public Batch Clear()
    {
        Size = 0;
        return this;
    }

    /// <summary>One more point, to be filled in by the caller.</summary>
    public double[] Add()
    {
        if (Size == _points.Length)
        {
            var capacity = Math.Max(1, Size * 2);
            Array.Resize(ref _points, capacity);
            Array.Resize(ref _scores, capacity);
        }

        return _points[Size++] ??= new double[length];
    }

    /// <summary>Asks for some of its points.</summary>
    public void Show(int from, int count) => (_from, Count) = (from, count);

    public IEnumerator<double[]> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return _points[_from + i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
