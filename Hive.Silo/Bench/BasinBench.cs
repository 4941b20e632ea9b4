using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Hive.Basins;
using Hive.Randomness;
using Hive.Research;
using Hive.Silo.Display;

namespace Hive.Silo.Bench;

/// <summary>What merging basins costs, and what its defences do.</summary>
internal static class BasinBench
{
    private const int Deltas = 1_000;
    private const int Runs = 7;
    private const int Threads = 2;
    private const int WarmUp = 50;
    private const int BatchesPerRun = 40;
    private const int SignaturesPerRun = 1_000;
    private const int Trials = 5;

    public static string Run(TextWriter progress, CancellationToken cancellation)
    {
        var crowd = new Crowd();
        Repeat(WarmUp, () => crowd.MergeRead());
        var merge = Median(() => Seconds(() => crowd.Merge(crowd.Weighed)), cancellation);
        var mergeProcessor = Median(() => ProcessorSeconds(() => Repeat(BatchesPerRun, () => crowd.Merge(crowd.Weighed))) / BatchesPerRun, cancellation);
        var readProcessor = Median(() => ProcessorSeconds(() => Repeat(BatchesPerRun, () => crowd.MergeRead())) / BatchesPerRun, cancellation);
        progress.WriteLine("measured one merge");
        var unsigned = Median(() => Threads * BatchesPerRun * Deltas / Seconds(() => Parallel(_ => Repeat(BatchesPerRun, () => crowd.MergeRead()))), cancellation);
        progress.WriteLine("measured deltas without signatures");
        var alone = Median(() => Threads * SignaturesPerRun / Seconds(() => Parallel(_ => crowd.VerifyAlone(SignaturesPerRun))), cancellation);
        var signed = Median(() => Threads * SignaturesPerRun / Seconds(() => Parallel(_ => crowd.MergeSigned())), cancellation);
        progress.WriteLine("measured deltas with signatures");
        return JsonText.Of(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("deltas", Deltas);
            writer.WriteNumber("coordinates", crowd.Dimension);
            writer.WriteNumber("deltaBytes", crowd.DeltaBytes);
            writer.WriteNumber("runs", Runs);
            writer.WriteNumber("mergeMilliseconds", Math.Round(merge * 1000, 3));
            writer.WriteNumber("mergeProcessorMilliseconds", Math.Round(mergeProcessor * 1000, 3));
            writer.WriteNumber("verifiedAndMergedPerProcessorSecond", Math.Round(Deltas / readProcessor));
            writer.WriteNumber("threads", Threads);
            writer.WriteNumber("verifiedAndMergedPerSecond", Math.Round(unsigned));
            writer.WriteNumber("signedVerifiedAndMergedPerSecond", Math.Round(signed));
            writer.WriteNumber("ecdsaVerifiesAlonePerSecond", Math.Round(alone));
            WritePoisoning(writer, progress, cancellation);
            writer.WriteEndObject();
        });
    }

    /// <summary>The share of what 20 of 100 agents achieve without defences that they achieve with them: medians over seeds, after one merge.</summary>
    private static void WritePoisoning(Utf8JsonWriter writer, TextWriter progress, CancellationToken cancellation)
    {
        writer.WriteStartObject("poisoning");
        foreach (var attack in Enum.GetValues<PoisoningAttack>())
        {
            writer.WriteStartObject(Camel(attack.ToString()));
            writer.WriteNumber("withEvidence", Share(attack, new MergeOptions(), cancellation));
            foreach (var rule in Enum.GetValues<AggregationRule>())
            {
                writer.WriteNumber(Camel(rule.ToString()) + "Alone", Share(attack, new MergeOptions { Rule = rule, RequireEvidence = false }, cancellation));
            }

            writer.WriteEndObject();
            progress.WriteLine($"measured {attack}");
        }

        writer.WriteEndObject();
    }

    private static double Share(PoisoningAttack attack, MergeOptions options, CancellationToken cancellation)
    {
        var shares = Enumerable.Range(1, Trials).Select(seed =>
        {
            cancellation.ThrowIfCancellationRequested();
            return PoisoningTrial.Share(attack, options, rounds: 1, experiments: 6, (ulong)seed);
        });
        return Math.Round(BenchSilo.Median(shares), 4);
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static double Median(Func<double> measure, CancellationToken cancellation)
    {
        var values = new double[Runs];
        for (var run = 0; run < Runs; run++)
        {
            cancellation.ThrowIfCancellationRequested();
            values[run] = measure();
        }

        return BenchSilo.Median(values);
    }

    private static double Seconds(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Processor time of all threads: what else the machine does hardly changes it.</summary>
    private static double ProcessorSeconds(Action work)
    {
        var before = Environment.CpuUsage.TotalTime;
        work();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    private static void Parallel(Action<int> work)
    {
        var threads = Enumerable.Range(0, Threads).Select(index => new Thread(() => work(index))).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
    }

    private static void Repeat(int times, Action work)
    {
        for (var i = 0; i < times; i++) work();
    }

    /// <summary>A thousand agents with a delta each, on a space as large as that of the domain ml.</summary>
    private sealed class Crowd
    {
        private readonly BasinSpace _space;
        private readonly BasinPoint _point;
        private readonly Dictionary<string, BasinPoint> _bases;
        private readonly Dictionary<string, DeltaEvidence> _evidence = [];
        private readonly byte[][] _bytes;
        private readonly BasinSignature[] _signatures;
        private readonly TrustList _trusted;
        private readonly string _author;

        public Crowd()
        {
            _space = new BasinSpace(new TechniqueSpace(
            [
                .. Enumerable.Range(0, 8).Select(i => new CategoricalTechnique($"choice{i}", [.. Enumerable.Range(0, 3 + (i % 3)).Select(way => $"way{way}")])),
                .. Enumerable.Range(0, 4).Select(i => new LogRealTechnique($"number{i}", 1e-4, 1)),
            ]));
            var packet = BasinPacket.Write(BasinPoint.Even(_space), new BasinRecord("bench", new string('0', 64), [], 0, 0, 0, "", 0));
            _point = packet.PointIn(_space);
            _bases = new Dictionary<string, BasinPoint> { [packet.Address] = _point };
            var random = new SeededRandom(1);
            Weighed = [.. Enumerable.Range(0, Deltas).Select(agent => new WeighedDelta(Delta(agent, packet, random), 1, 1))];
            _bytes = [.. Weighed.Select(weighed => weighed.Delta.Bytes.ToArray())];
            using var key = BasinKey.Create();
            _author = key.Id;
            _trusted = new TrustList([new TrustedKey("bench", key.PublicKey, 1)]);
            _signatures = [.. Weighed.Select(weighed => key.Sign(weighed.Delta.Address))];
        }

        public WeighedDelta[] Weighed { get; }

        public int Dimension => _space.Dimension;

        public double DeltaBytes => Math.Round(_bytes.Average(bytes => bytes.Length));

        public MergeReport Merge(IReadOnlyCollection<WeighedDelta> deltas)
        {
            var report = BasinMerger.Merge(_point, _bases, deltas, _evidence, OutlierWindow.Empty, new MergeOptions());
            return report.Moved > 0 ? report : throw new InvalidOperationException("the merge moved nothing, so it measures nothing");
        }

        /// <summary>What a hub does with deltas that come without signatures: read, check, address, merge.</summary>
        public MergeReport MergeRead() => Merge([.. _bytes.Select(bytes => new WeighedDelta(BasinDelta.Read(bytes, _space), 1, 1))]);

        public MergeReport MergeSigned() => Merge([.. _bytes.Select((bytes, i) =>
        {
            var delta = BasinDelta.Read(bytes, _space);
            return new WeighedDelta(delta, 1, _trusted.Check(_signatures[i], delta.Address, _author));
        })]);

        public void VerifyAlone(int times)
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(_signatures[0].PublicKey), out _);
            var (hash, signature) = (Convert.FromHexString(Weighed[0].Delta.Address), Convert.FromBase64String(_signatures[0].Value));
            for (var i = 0; i < times; i++)
            {
                if (!key.VerifyHash(hash, signature)) throw new CryptographicException("a right signature was refused");
            }
        }

        private BasinDelta Delta(int agent, BasinPacket packet, SeededRandom random)
        {
            var (claim, worked) = ($"claim-{agent}", _space.Techniques.Sample(random));
            _evidence[claim] = new DeltaEvidence(claim, worked, true);
            var author = agent.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
            return BasinDelta.Create(author, packet, _space, [claim], 10, BasinLearning.Step(_point, [new Success(worked, 1)], 0.1));
        }
    }
}
