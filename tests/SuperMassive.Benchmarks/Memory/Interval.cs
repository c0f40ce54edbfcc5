using System.Diagnostics;

namespace SuperMassive.Benchmarks.Memory;

/// <summary>A stretch of time by <see cref="Stopwatch"/>.</summary>
internal readonly record struct Interval(long From, long To)
{
    public double Seconds => Stopwatch.GetElapsedTime(From, To).TotalSeconds;
}
