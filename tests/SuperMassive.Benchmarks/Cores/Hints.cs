using BenchmarkDotNet.Attributes;
using SuperMassive.Core.Cluster;

namespace SuperMassive.Benchmarks.Cores;

/// <summary>The cluster's memory of where keys live, at half of its capacity and far above it.</summary>
[MemoryDiagnoser]
public class Hints
{
    private const int Capacity = 1 << 20;

    private readonly KeyHints _hints = new(Capacity);
    private ulong _next;

    [Params(Capacity / 2, Capacity * 4)]
    public int Keys { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        for (var i = 0; i < Keys; i++)
            Set();
    }

    [Benchmark]
    public bool TryGet() => _hints.TryGet(Next(), out _, out _);

    [Benchmark]
    public void Set() => _hints.Set(Next(), 1, new Version(++_next));

    /// <summary>Hashes are even: a multiplication spreads the numbers as the hash would.</summary>
    private ulong Next() => ++_next % (ulong)Keys * 0x9E37_79B9_7F4A_7C15;
}
