using Hive.Randomness;

namespace Hive.Research.Hedging;

/// <summary>Attempts one after the other, with twins sent by a policy: what they took, and what it cost.</summary>
/// <param name="trace">How long each silo takes for each attempt.</param>
/// <param name="options">The policy.</param>
/// <param name="random">Chooses among silos.</param>
internal sealed class HedgingSimulation(LatencyTrace trace, HedgingOptions options, SeededRandom random)
{
    private const int LeastSeen = 16;
    private const int RefreshedEvery = 8;

    private readonly double[] _speeds = new double[LatencyTrace.Silos];
    private readonly double[] _recent = new double[options.Window];
    private readonly double[] _sorted = new double[options.Window];
    private int _seen;
    private double _wait = double.PositiveInfinity;
    private double _work;
    private double _extra;

    /// <summary>Runs the attempts.</summary>
    /// <param name="attempts">How many.</param>
    /// <returns>How long each took in milliseconds, and the share of work that twins added.</returns>
    public (double[] Latencies, double ExtraShare) Run(int attempts)
    {
        var latencies = new double[attempts];
        for (var attempt = 0; attempt < attempts; attempt++) latencies[attempt] = Run(attempt, attempts, new Runner[options.Twins + 1]);
        return (latencies, _extra / _work);
    }

    private double Run(int attempt, int attempts, Runner[] runners)
    {
        var first = options.StartsFastest ? Fastest(-1) : random.NextInt(LatencyTrace.Silos);
        runners[0] = new Runner(first, 0, trace[attempt, first]);
        var (count, done, next) = (1, runners[0].End, _wait);
        while (count <= options.Twins && next < done && _extra <= options.ExtraWork * _work)
        {
            var silo = Place(first);

            // A silo that is asked again is as slow as it was, but need not meet the same pause.
            var takes = trace[silo == first ? (attempt + count) % attempts : attempt, silo];
            runners[count++] = new Runner(silo, next, takes);
            done = Math.Min(done, next + takes);
            next += _wait * options.Backoff;
        }

        Account(runners.AsSpan(0, count), done);
        Remember(done);
        return done;
    }

    /// <summary>What an attempt costs is what its silo does without twins; all else is extra.</summary>
    private void Account(ReadOnlySpan<Runner> runners, double done)
    {
        _work += runners[0].Takes;
        if (options.Cancels) _extra -= Math.Max(0, runners[0].End - done);
        foreach (var runner in runners)
        {
            if (runner.End <= done || !options.Cancels) Learn(runner.Silo, runner.Takes);
        }

        foreach (var twin in runners[1..]) _extra += options.Cancels ? Math.Max(0, Math.Min(twin.End, done) - twin.Start) : twin.Takes;
    }

    private void Learn(int silo, double milliseconds) =>
        _speeds[silo] = _speeds[silo] == 0 ? milliseconds : _speeds[silo] + (options.Memory * (milliseconds - _speeds[silo]));

    private void Remember(double milliseconds)
    {
        _recent[_seen++ % options.Window] = milliseconds;
        var known = Math.Min(_seen, options.Window);
        if (_seen < LeastSeen || _seen % RefreshedEvery != 0) return;
        _recent.AsSpan(0, known).CopyTo(_sorted);
        _sorted.AsSpan(0, known).Sort();
        _wait = _sorted[Math.Min(known - 1, (int)(options.Percentile * known))];
    }

    private int Place(int first) => options.Placement switch
    {
        TwinPlacement.Same => first,
        TwinPlacement.Fastest => Fastest(first),
        _ => (first + 1 + random.NextInt(LatencyTrace.Silos - 1)) % LatencyTrace.Silos,
    };

    /// <summary>The silo that was the fastest lately; one that is not known yet is tried first.</summary>
    private int Fastest(int except)
    {
        var fastest = except == 0 ? 1 : 0;
        for (var silo = 0; silo < LatencyTrace.Silos; silo++)
        {
            if (silo != except && _speeds[silo] < _speeds[fastest]) fastest = silo;
        }

        return fastest;
    }

    private readonly record struct Runner(int Silo, double Start, double Takes)
    {
        public double End => Start + Takes;
    }
}
