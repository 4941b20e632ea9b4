using System.Collections.Immutable;

namespace Hive.Tools;

/// <summary>What became of asking a tool server for its tools.</summary>
/// <param name="Server">The server's name.</param>
/// <param name="Tools">Its tools, by name; none where it cannot be reached.</param>
/// <param name="Notes">What was left out or cut, and what in the owner's lists stands for nothing; a sentence each.</param>
/// <param name="Failure">Why it cannot be reached; absent where it can.</param>
public sealed record ToolServerReport(string Server, ImmutableArray<ToolSpec> Tools, ImmutableArray<string> Notes, string? Failure);
