using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Hive.Leaderboards;

/// <summary>What claims and counts must keep to, wherever they come from.</summary>
internal static class ClaimRules
{
    private const int MaxDepth = 8;
    private const string NoText = "the configuration is no Unicode text";

    private static readonly SearchValues<byte> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.@/:"u8);

    /// <summary>Why a claim breaks the rules; null where it keeps them.</summary>
    public static string? Mistake(Claim claim) => MistakeOfName("agent", Encoding.UTF8.GetBytes(claim.Agent), Claim.MaxAgent)
        ?? MistakeOfName("experiment", Encoding.UTF8.GetBytes(claim.Experiment), Claim.MaxExperiment)
        ?? MistakeOfValue(claim.Value)
        ?? MistakeOfConfiguration(claim.Configuration);

    /// <summary>Why a count breaks the rules; null where it keeps them.</summary>
    public static string? Mistake(ExperimentCount count) => MistakeOfName("agent", Encoding.UTF8.GetBytes(count.Agent), Claim.MaxAgent)
        ?? MistakeOfCount(count.Epoch, count.Experiments);

    public static string? MistakeOfCount(long epoch, long experiments) => epoch < 0 || experiments is < 0 or > ExperimentCount.MaxExperiments
        ? string.Create(CultureInfo.InvariantCulture, $"a count of {experiments} experiments in epoch {epoch} cannot be: 0 to {ExperimentCount.MaxExperiments} in an epoch of 0 or more")
        : null;

    public static string? MistakeOfName(string what, ReadOnlySpan<byte> name, int most) => name.Length == 0 || name.Length > most || name.ContainsAnyExcept(Letters)
        ? $"the {what} is named by 1 to {most} letters, digits and - _ . @ / :"
        : null;

    public static string? MistakeOfValue(double value) => double.IsFinite(value) ? null : $"{value.ToString(CultureInfo.InvariantCulture)} is no value: only finite numbers rank";

    public static string? MistakeOfConfiguration(ReadOnlySpan<byte> configuration)
    {
        if (configuration.Length > Claim.MaxConfigurationBytes)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the configuration has {configuration.Length} bytes; at most {Claim.MaxConfigurationBytes} are taken");
        }

        if (!Utf8.IsValid(configuration))
        {
            return NoText;
        }

        var reader = new Utf8JsonReader(configuration, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            var isObject = reader.Read() && reader.TokenType == JsonTokenType.StartObject;
            while (isObject && reader.Read())
            {
                // What is an object to its end is read to its end.
            }

            return isObject ? null : "the configuration is no JSON object";
        }
        catch (JsonException e)
        {
            return $"the configuration is no JSON object: {e.Message}";
        }
    }

    private static string? MistakeOfConfiguration(string configuration)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(configuration.Length)];
        var status = Utf8.FromUtf16(configuration, bytes, out _, out var written, replaceInvalidSequences: false);
        return status == OperationStatus.Done ? MistakeOfConfiguration(bytes.AsSpan(0, written)) : NoText;
    }
}
