using BenchmarkDotNet.Attributes;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Benchmarks.Cores;

/// <summary>What a cluster asks of a node, 16 requests to a batch, journal included (but not the disk): figures are per request.</summary>
[MemoryDiagnoser]
public class NodeCommands
{
    private const int Depth = 16;
    private const int Keys = 1 << 16;

    private readonly byte[][] _keys = [.. Enumerable.Range(0, Keys).Select(i => System.Text.Encoding.UTF8.GetBytes($"key:{i:D10}"))];
    private readonly byte[] _value = new byte[64];
    private NodeRig _rig = null!;
    private ulong _version = 1_700_000_000_000ul << 16;
    private int _next;

    /// <summary>The version that each counter holds.</summary>
    private readonly ulong[] _versions = new ulong[Depth];

    [GlobalSetup]
    public void Setup()
    {
        _rig = new NodeRig();
        for (var i = 0; i < Keys / Depth; i++)
            Put();
        for (var i = 0; i < Depth; i++)
            Put(_keys[i], "100000"u8, _versions[i] = ++_version);
        _rig.Exchange();
    }

    [Benchmark(OperationsPerInvoke = Depth)]
    public int Put()
    {
        for (var i = 0; i < Depth; i++)
            Put(Next(), _value, ++_version);
        return _rig.Exchange();
    }

    [Benchmark(OperationsPerInvoke = Depth)]
    public int Get()
    {
        for (var i = 0; i < Depth; i++)
        {
            Begin(2, "GET"u8);
            RespWriter.Bulk(_rig.Output, Next());
        }
        return _rig.Exchange();
    }

    [Benchmark(OperationsPerInvoke = Depth)]
    public int Add()
    {
        for (var i = 0; i < Depth; i++)
        {
            Begin(5, "ADD"u8);
            RespWriter.Bulk(_rig.Output, _keys[i]);
            RespWriter.Bulk(_rig.Output, "1"u8);
            RespWriter.Bulk(_rig.Output, _versions[i]);
            RespWriter.Bulk(_rig.Output, _versions[i] = ++_version);
        }
        return _rig.Exchange();
    }

    private void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong version)
    {
        Begin(4, "PUT"u8);
        RespWriter.Bulk(_rig.Output, key);
        RespWriter.Bulk(_rig.Output, value);
        RespWriter.Bulk(_rig.Output, version);
    }

    private void Begin(int count, ReadOnlySpan<byte> verb)
    {
        RespWriter.Array(_rig.Output, count);
        RespWriter.Bulk(_rig.Output, verb);
    }

    // the counters come first and are left alone
    private byte[] Next() => _keys[_next = _next + 1 < Keys ? _next + 1 : Depth];
}
