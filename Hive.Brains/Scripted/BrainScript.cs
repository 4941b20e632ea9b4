using System.Collections.Immutable;
using Hive.Brains.Discovery;

namespace Hive.Brains.Scripted;

/// <summary>
/// What scripted brains say: which models there are, how often they are right, how long they take, and what goes wrong.
/// A scripted brain is no model: it answers by rules, and by knowing the answers of the questions it understands.
/// </summary>
public sealed record BrainScript
{
    /// <summary>The models, 1 to 64, with unique names.</summary>
    public required ImmutableArray<ScriptedModel> Models { get; init; }

    /// <summary>How often something goes wrong, and how.</summary>
    public ScriptedFaults Faults { get; init; } = new();

    /// <summary>What every choice is drawn from: the same seed, model and idempotency key give the same reply.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Replies to prompts of certain kinds; the first rule that applies counts. At most 1,000.</summary>
    public ImmutableArray<ScriptedRule> Rules { get; init; } = [];

    /// <summary>What plans of scripted brains ask for.</summary>
    public ScriptedPlan Plan { get; init; } = new();

    /// <summary>One model for each tier, named <c>fake-edge</c>, <c>fake-worker</c> and <c>fake-core</c>.</summary>
    /// <param name="accuracy">How often each is right, 0 to 1.</param>
    /// <param name="latencyMs">How long each takes, in milliseconds.</param>
    public static BrainScript OfTiers(double accuracy, int latencyMs = 0) => new()
    {
        Models = [.. ScriptedModel.Tiers.Select(tier => new ScriptedModel { Name = $"fake-{tier}", Tier = tier, Accuracy = accuracy, LatencyMs = latencyMs })],
    };

    /// <summary>Reads a script; the format is described in docs/scripted-brains.md.</summary>
    /// <param name="json">The script, at most 1 MiB of JSON.</param>
    /// <exception cref="BrainScriptException">The script has mistakes; it names them all.</exception>
    public static BrainScript Parse(string json) => BrainScriptReader.Read(json);
}

/// <summary>A scripted model.</summary>
public sealed record ScriptedModel
{
    /// <summary>The tiers there are, the cheapest first.</summary>
    internal static readonly ImmutableArray<string> Tiers = [ModelTiers.Edge, ModelTiers.Worker, ModelTiers.Core];

    /// <summary>Its name: 1 to 64 letters, digits, '-', '_', '.' and ':'.</summary>
    public required string Name { get; init; }

    /// <summary>Its tier: <c>edge</c>, <c>worker</c> or <c>core</c>.</summary>
    public string Tier { get; init; } = ModelTiers.Worker;

    /// <summary>The probability that an answer is right, 0 to 1.</summary>
    public double Accuracy { get; init; } = 1;

    /// <summary>How long it takes to begin an answer, in milliseconds.</summary>
    public int LatencyMs { get; init; }

    /// <summary>How much the latency varies, as a share of it: with 0.2 it is uniform from 0.8 to 1.2 times as long.</summary>
    public double LatencyJitter { get; init; }

    /// <summary>How it judges; without it, as accurately as it answers.</summary>
    public CriticRates? Critic { get; init; }

    /// <summary>How many calls it takes at once.</summary>
    public int MaxConcurrency { get; init; } = 64;

    /// <summary>How many tokens a call may have.</summary>
    public int ContextTokens { get; init; } = 32_768;

    /// <summary>What a million tokens asked cost.</summary>
    public decimal PricePerMillionIn { get; init; }

    /// <summary>What a million tokens answered cost.</summary>
    public decimal PricePerMillionOut { get; init; }

    internal CriticRates Judgement => Critic ?? new CriticRates(Accuracy, 1 - Accuracy);
}

/// <summary>How well a critic tells right from wrong.</summary>
/// <param name="TruePositive">The probability that it accepts what is right.</param>
/// <param name="FalsePositive">The probability that it accepts what is wrong.</param>
public sealed record CriticRates(double TruePositive, double FalsePositive);

/// <summary>What a plan of a scripted brain asks for.</summary>
public sealed record ScriptedPlan
{
    /// <summary>The tier of each task; null leaves it to whoever asked.</summary>
    public string? Tier { get; init; }

    /// <summary>How many attempts each task gets, 1 to 16; null leaves it to whoever asked.</summary>
    public int? Width { get; init; }

    /// <summary>How each task is judged.</summary>
    public string Check { get; init; } = "critics";
}

/// <summary>How often a call goes wrong, and how: a probability for each kind, which together are at most 1.</summary>
public sealed record ScriptedFaults
{
    /// <summary>An answer whose JSON is cut in its middle: that of the protocol, or that which was asked for.</summary>
    public double MalformedJson { get; init; }

    /// <summary>No room: status 429 with <c>Retry-After</c>.</summary>
    public double Busy429 { get; init; }

    /// <summary>What <c>Retry-After</c> says, 0 to 3,600 seconds.</summary>
    public int RetryAfterSeconds { get; init; } = 1;

    /// <summary>A failure of the server: status 500.</summary>
    public double Error500 { get; init; }

    /// <summary>Whether a call that ends with status 500 is billed all the same.</summary>
    public bool Error500Billed { get; init; }

    /// <summary>Silence, before the answer or in its middle, until the caller gives up.</summary>
    public double Stall { get; init; }

    /// <summary>A connection that ends in the middle of the answer.</summary>
    public double CutStream { get; init; }

    /// <summary>Usage numbers that are zero, negative, absent, or a million times too large.</summary>
    public double WrongUsage { get; init; }

    /// <summary>An answer that runs on until it is cut off at its limit.</summary>
    public double Overlong { get; init; }

    /// <summary>An answer that tries to give orders to whoever reads it.</summary>
    public double Injecting { get; init; }

    /// <summary>How many kinds of faults there are.</summary>
    internal const int Kinds = 8;

    /// <summary>The probability that a call goes wrong in any way.</summary>
    public double Sum => MalformedJson + Busy429 + Error500 + Stall + CutStream + WrongUsage + Overlong + Injecting;

    /// <summary>Every kind equally often.</summary>
    /// <param name="rate">How often any of them happens, 0 to 1.</param>
    public static ScriptedFaults Evenly(double rate)
    {
        var each = rate / Kinds;
        return new ScriptedFaults
        {
            MalformedJson = each,
            Busy429 = each,
            Error500 = each,
            Stall = each,
            CutStream = each,
            WrongUsage = each,
            Overlong = each,
            Injecting = each,
        };
    }
}
