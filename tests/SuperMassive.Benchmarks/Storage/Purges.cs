using BenchmarkDotNet.Attributes;
using SuperMassive.Core.Journal;
using SuperMassive.Core.Node;

namespace SuperMassive.Benchmarks.Storage;

/// <summary>One PURGE of so many deletions: for how long a node does nothing else.</summary>
public class Purges
{
    private const ulong FirstVersion = 1_000;

    private readonly byte[] _key = new byte[8];
    private NodeData _data = null!;

    [Params(4_096, 1_000_000)]
    public int Deletions { get; set; }

    [IterationSetup]
    public void Fill()
    {
        _data = new NodeData(hashSeed: 1);
        for (var i = 0; i < Deletions; i++)
        {
            BitConverter.TryWriteBytes(_key, i);
            _data.Apply(new Record(RecordKind.Tombstone, new Version(FirstVersion + (ulong)i), _key, default));
        }
    }

    [IterationCleanup]
    public void Cleanup() => _data.Dispose();

    [Benchmark]
    public long Purge()
    {
        _data.Apply(new Record(RecordKind.Purge, new Version(FirstVersion + (ulong)Deletions), default, default));
        return _data.Table.TombstoneCount;
    }
}
