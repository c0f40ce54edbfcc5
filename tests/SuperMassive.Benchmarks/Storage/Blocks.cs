using BenchmarkDotNet.Attributes;
using SuperMassive.Core.Storage;

namespace SuperMassive.Benchmarks.Storage;

/// <summary>The arena: a block given back and one taken, of the same size or of another.</summary>
public class Blocks
{
    private const int Count = 100_000;

    private readonly Arena _arena = new();
    private readonly uint[] _references = new uint[Count];
    private int _next;
    private uint _random = 1;

    [Params(100, 1_000)]
    public int MaxBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        for (var i = 0; i < Count; i++)
            _references[i] = _arena.Allocate(64);
    }

    [GlobalCleanup]
    public void Cleanup() => _arena.Dispose();

    [Benchmark]
    public void FreeAndAllocateSame() => Replace(64);

    [Benchmark]
    public void FreeAndAllocateOther() => Replace((int)(Random() % MaxBytes) + 1);

    private void Replace(int bytes)
    {
        _next = (_next + 7919) % Count;
        _arena.Free(_references[_next]);
        _references[_next] = _arena.Allocate(bytes);
    }

    private uint Random() => _random = _random * 1_664_525 + 1_013_904_223;
}
