using BenchmarkDotNet.Attributes;
using SuperMassive.Core.Journal;

namespace SuperMassive.Benchmarks.Journal;

/// <summary>A record into the journal's pages, checksums included, and marked as written every 64 KiB.</summary>
[MemoryDiagnoser]
public class Appends
{
    private readonly JournalWriter _journal = new(new JournalId(1));
    private readonly byte[] _key = [.. "key:0000000001"u8];
    private byte[] _value = [];
    private ulong _version;

    [Params(64, 1_000, 100_000)]
    public int ValueBytes { get; set; }

    [GlobalSetup]
    public void Setup() => _value = new byte[ValueBytes];

    [Benchmark]
    public void Append()
    {
        _journal.Append(new Record(RecordKind.Put, new Version(++_version), _key, _value));
        if (_journal.EndLsn - _journal.WrittenLsn > 64 << 10)
            _journal.MarkWritten(_journal.EndLsn);
    }
}
