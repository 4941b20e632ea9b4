using Hive.Randomness;
using Hive.Research;

namespace Hive.Swarm;

/// <summary>What an agent samples from.</summary>
internal sealed class SamplingPrior(TechniqueSpace space)
{
    public Configuration? Mode => null;

    public Configuration Sample(SeededRandom random) => space.Sample(random);

    public double LogWeight(Configuration configuration) => 0;
}
