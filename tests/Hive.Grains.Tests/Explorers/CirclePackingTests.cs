using System.Xml.Linq;
using Hive.Evaluators.Builtin;

namespace Hive.Tests.Explorers;

public class CirclePackingTests
{
    private static readonly CirclePacking Packing = new();

    [Fact]
    public void The_metric_is_the_sum_of_the_radii_and_touching_circles_are_feasible()
    {
        var (metric, violation) = Packing.Measure([0.25, 0.25, 0.25, 0.75, 0.25, 0.25, 0.25, 0.75, 0.25, 0.75, 0.75, 0.25, 0.5, 0.5, (Math.Sqrt(2) / 4) - 0.25]);
        Assert.Equal(1 + (Math.Sqrt(2) / 4) - 0.25, metric, 12);
        Assert.Equal(0, violation);
    }

    [Theory]
    [InlineData(0.4, 0.5, 0.5, 0.1)]
    [InlineData(0.5, 0.55, 0.5, 0.05)]
    public void Leaving_the_square_violates_by_the_root_of_the_sum_of_squares(double x, double y, double r, double excess)
    {
        var sides = new[] { r - x, x + r - 1, r - y, y + r - 1 }.Select(side => Math.Max(0, side));
        Assert.Equal(Math.Sqrt(sides.Sum(side => side * side)), Packing.Measure([x, y, r]).Violation, 8);
        Assert.True(Packing.Measure([x, y, r]).Violation >= excess - 1e-8);
    }

    [Fact]
    public void Every_pair_that_overlaps_counts_once_however_many_circles_there_are()
    {
        for (var count = 2; count <= 70; count++)
        {
            var point = new double[3 * count];
            for (var i = 0; i < count; i++)
            {
                (point[3 * i], point[(3 * i) + 1], point[(3 * i) + 2]) = (0.5, 0.5, 0.125);
            }

            var pairs = count * (count - 1) / 2;
            Assert.Equal(0.25 * Math.Sqrt(pairs), Packing.Measure(point).Violation, 6);
        }
    }

    [Fact]
    public void The_picture_has_a_circle_for_each()
    {
        var svg = XDocument.Parse(CirclePackingSvg.Draw([0.25, 0.25, 0.25, 0.75, 0.75, 0.2]));
        Assert.Equal(2, svg.Descendants().Count(element => element.Name.LocalName == "circle"));
        Assert.Throws<ArgumentException>(() => CirclePackingSvg.Draw([1, 2]));
    }
}
