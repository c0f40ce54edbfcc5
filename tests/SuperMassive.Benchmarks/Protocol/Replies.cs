using BenchmarkDotNet.Attributes;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Benchmarks.Protocol;

/// <summary>Replies to clients and replies between processes, into a buffer that is sent at once.</summary>
[MemoryDiagnoser]
public class Replies
{
    private readonly OutputBuffer _output = new(4_096);
    private readonly byte[] _key = [.. "key:0000000001"u8];
    private readonly byte[] _value = new byte[64];

    [Benchmark]
    public void LineKeyValue()
    {
        ReplyWriter.KeyValue(_output, Framing.Line, _key, _value);
        Send();
    }

    [Benchmark]
    public void RespKeyValue()
    {
        ReplyWriter.KeyValue(_output, Framing.Resp, _key, _value);
        Send();
    }

    [Benchmark]
    public void LineOk()
    {
        ReplyWriter.Ok(_output, Framing.Line, "key-value written"u8);
        Send();
    }

    /// <summary>What a node answers to GET.</summary>
    [Benchmark]
    public void NodeValue()
    {
        RespWriter.Array(_output, 4);
        RespWriter.Bulk(_output, _key);
        RespWriter.Bulk(_output, _value);
        RespWriter.Integer(_output, 1_700_000_000_000ul << 16);
        RespWriter.Integer(_output, 123_456_789_012);
        Send();
    }

    private void Send() => _output.MarkSent(_output.PendingBytes);
}
