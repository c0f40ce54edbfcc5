using BenchmarkDotNet.Attributes;
using SuperMassive.Core.Storage;

namespace SuperMassive.Benchmarks.Storage;

/// <summary>A node's table with 14-byte keys, hash included; memory is native, so the diagnoser has nothing to show.</summary>
[MemoryDiagnoser]
public class Tables
{
    private byte[][] _keys = [];
    private readonly byte[] _value = new byte[1_024];
    private HashTable _table = null!;
    private int _next;
    private uint _random = 1;

    [Params(10_000, 1_000_000)]
    public int Keys { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _keys = [.. Enumerable.Range(0, Keys).Select(i => System.Text.Encoding.UTF8.GetBytes($"key:{i:D10}"))];
        _table = new HashTable(1);
        foreach (var key in _keys)
            Set(key, 64);
    }

    [GlobalCleanup]
    public void Cleanup() => _table.Dispose();

    [Benchmark]
    public bool Get()
    {
        var key = Next();
        return _table.TryGet(key, _table.Hash(key), out _);
    }

    [Benchmark]
    public void OverwriteInPlace() => Set(Next(), 64);

    [Benchmark]
    public void OverwriteWithOtherSize() => Set(Next(), (int)(Random() % 991) + 10);

    [Benchmark]
    public void RemoveAndSet()
    {
        var key = Next();
        _table.Remove(key, _table.Hash(key));
        Set(key, 64);
    }

    /// <summary>From empty: every growth of the index, per key.</summary>
    [Benchmark]
    public void Fill()
    {
        using var table = new HashTable(1);
        foreach (var key in _keys)
            table.Set(key, table.Hash(key), _value.AsSpan(0, 64), new Version(1));
    }

    private void Set(byte[] key, int valueBytes) => _table.Set(key, _table.Hash(key), _value.AsSpan(0, valueBytes), new Version(1));

    private byte[] Next() => _keys[_next = _next + 7919 < Keys ? _next + 7919 : _next + 7919 - Keys];

    private uint Random() => _random = _random * 1_664_525 + 1_013_904_223;
}
