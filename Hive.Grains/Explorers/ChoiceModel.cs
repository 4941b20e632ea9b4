using Hive.Spaces;

namespace Hive.Explorers;

/// <summary>Probabilities of the values of each choice, drawn towards those of the best (PBIL: Baluja, 1994) and kept off 0.</summary>
internal sealed class ChoiceModel(UnitScale scale)
{
    private readonly double[][] _probabilities = [.. scale.Choices.Select(choice => new double[(int)choice.High + 1])];

    /// <summary>Begins evenly, with some weight on a genome's own values.</summary>
    public void Restart(double[] genome)
    {
        for (var i = 0; i < _probabilities.Length; i++)
        {
            _probabilities[i].AsSpan().Fill(0.6 / _probabilities[i].Length);
            _probabilities[i][(int)genome[scale.Choices[i].Offset]] += 0.4;
        }
    }

    public void Draw(double[] genome, SeededRandom random)
    {
        for (var i = 0; i < _probabilities.Length; i++)
        {
            var at = random.NextDouble();
            var value = 0;
            while (value < _probabilities[i].Length - 1 && (at -= _probabilities[i][value]) >= 0)
            {
                value++;
            }

            genome[scale.Choices[i].Offset] = value;
        }
    }

    /// <param name="genomes">A generation.</param>
    /// <param name="order">Its indices, best first.</param>
    public void Update(double[][] genomes, int[] order)
    {
        var parents = Math.Max(1, order.Length / 2);
        var rate = Math.Min(0.3, parents / 20.0);
        for (var i = 0; i < _probabilities.Length; i++)
        {
            var probabilities = _probabilities[i];
            for (var k = 0; k < probabilities.Length; k++)
            {
                probabilities[k] *= 1 - rate;
            }

            for (var k = 0; k < parents; k++)
            {
                probabilities[(int)genomes[order[k]][scale.Choices[i].Offset]] += rate / parents;
            }

            var least = 0.1 / (probabilities.Length * Math.Max(1, _probabilities.Length));
            var sum = 0.0;
            foreach (ref var probability in probabilities.AsSpan())
            {
                probability = Math.Max(probability, least);
                sum += probability;
            }

            foreach (ref var probability in probabilities.AsSpan())
            {
                probability /= sum;
            }
        }
    }
}
