using Hive.Building;
using Hive.Cognition.Prompts;
using Hive.Tools;

namespace Hive.Cognition;

/// <summary>What a hub has for goals of brains: prompts, tools, and where builds are made.</summary>
/// <param name="Prompts">What brains are asked with.</param>
/// <param name="Tools">The tools.</param>
/// <param name="Workshop">Where build goals are worked on; absent where this hub builds nothing.</param>
public sealed record CognitionParts(PromptLibrary Prompts, ITools Tools, IWorkshop? Workshop);
