namespace SuperMassive.Cli.Bench;

/// <summary>
/// Numbers of 0 to n - 1, the r-th (from 1) with a probability proportional to 1 / r^exponent, without a table: rejection-inversion
/// (Hörmann, Derflinger: Rejection-inversion to generate variates from monotone discrete distributions, 1996).
/// </summary>
internal sealed class ZipfSampler
{
    private readonly int _n;
    private readonly double _exponent, _integralFirst, _integralLast, _shortcut;

    public ZipfSampler(int n, double exponent)
    {
        _n = n;
        _exponent = exponent;
        _integralFirst = Integral(1.5) - 1;
        _integralLast = Integral(n + 0.5);
        _shortcut = 2 - Inverse(Integral(2.5) - Density(2));
    }

    public int Next(ref SplitMix random)
    {
        while (true)
        {
            var u = _integralLast + random.NextDouble() * (_integralFirst - _integralLast);
            var x = Inverse(u);
            var rank = Math.Clamp((int)(x + 0.5), 1, _n);
            if (rank - x <= _shortcut || u >= Integral(rank + 0.5) - Density(rank))
                return rank - 1;
        }
    }

    private double Density(double x) => Math.Exp(-_exponent * Math.Log(x));

    /// <summary>Of the density, from 1; in terms of functions that stay exact where the exponent is near 1.</summary>
    private double Integral(double x)
    {
        var log = Math.Log(x);
        return log * ExpM1Ratio((1 - _exponent) * log);
    }

    private double Inverse(double y)
    {
        var t = Math.Max(-1, y * (1 - _exponent));
        return Math.Exp(y * Log1PRatio(t));
    }

    /// <summary>(e^t - 1) / t.</summary>
    private static double ExpM1Ratio(double t) =>
        Math.Abs(t) > 1e-8 ? (Math.Exp(t) - 1) / t : 1 + t / 2;

    /// <summary>ln(1 + t) / t.</summary>
    private static double Log1PRatio(double t) =>
        Math.Abs(t) > 1e-8 ? Math.Log(1 + t) / t : 1 - t / 2;
}
