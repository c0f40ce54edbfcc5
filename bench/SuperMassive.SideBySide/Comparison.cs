namespace SuperMassive.SideBySide;

/// <summary>Which of ours is held against which peer, and the ratios to reach, in the order of <see cref="Load.Matrix"/>.</summary>
internal sealed record Comparison(string Ours, string Peer, string OursTitle, string PeerTitle, double[] AtLeast, double[] Aim)
{
    public static readonly Comparison[] All =
    [
        new("cluster", "twemproxy", "cluster + 2 nodes", "twemproxy + 2 Redis", [1.1, 1.1, 1.5, 1.8], [1.35, 1.45, 2.2, 2.6]),
        new("up", "redis", "one process", "Redis", [1, 0.9, 1.2, 1.2], [1.25, 1.1, 1.8, 1.8]),
        new("up", "garnet", "one process", "Garnet", [1.2, 1, 0.9, 1], [1.6, 1.2, 1.1, 1.25]),
    ];
}

/// <summary>What came of one comparison under one load: the middle, the lowest and the highest of the repeats' ratios.</summary>
internal sealed record Ratio(Comparison Comparison, Load Load, double Median, double Min, double Max, double AtLeast, double Aim)
{
    public string Verdict => Median >= Aim ? "aim reached" : Median >= AtLeast ? "enough" : "below";

    /// <param name="rates">Operations per second of a subject under a load, one per repeat; NaN where it failed.</param>
    /// <returns>Null when no repeat has both.</returns>
    public static Ratio? Of(Comparison comparison, int row, Func<string, Load, double[]?> rates)
    {
        var load = Load.Matrix[row];
        if (rates(comparison.Ours, load) is not { } ours || rates(comparison.Peer, load) is not { } peers)
            return null;
        double[] ratios = [.. ours.Zip(peers, (our, peer) => our / peer).Where(double.IsFinite).Order()];
        return ratios.Length == 0
            ? null
            : new Ratio(comparison, load, MedianOf(ratios), ratios[0], ratios[^1], comparison.AtLeast[row], comparison.Aim[row]);
    }

    public static double MedianOf(IReadOnlyList<double> sorted) =>
        (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
}
