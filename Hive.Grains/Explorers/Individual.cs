namespace Hive.Explorers;

/// <summary>A genome of a population and its score.</summary>
internal sealed class Individual(int length)
{
    public double[] Genome { get; } = new double[length];

    public Score Score { get; set; } = Score.Worst;
}
