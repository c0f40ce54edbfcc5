using System.Text;
using BenchmarkDotNet.Attributes;
using SuperMassive.Core;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Benchmarks.Protocol;

/// <summary>Bytes to commands, 16 to a batch: figures are per command.</summary>
[MemoryDiagnoser]
public class Commands
{
    private const int Depth = 16;

    private readonly CommandReader _reader = new(Port.Cluster, new Limits()) { IsAuthenticated = true };
    private readonly byte[] _lines = Repeat("PUT key:0000000001 " + new string('v', 64) + "\r\n");
    private readonly byte[] _lineGets = Repeat("GET key:0000000001\r\n");
    private readonly byte[] _arrays = Repeat("*3\r\n$3\r\nPUT\r\n$14\r\nkey:0000000001\r\n$64\r\n" + new string('v', 64) + "\r\n");
    private readonly byte[] _arrayGets = Repeat("*2\r\n$3\r\nGET\r\n$14\r\nkey:0000000001\r\n");

    [Benchmark(OperationsPerInvoke = Depth)]
    public int LineGet() => Read(_lineGets);

    [Benchmark(OperationsPerInvoke = Depth)]
    public int LinePut() => Read(_lines);

    [Benchmark(OperationsPerInvoke = Depth)]
    public int RespGet() => Read(_arrayGets);

    [Benchmark(OperationsPerInvoke = Depth)]
    public int RespPut() => Read(_arrays);

    private static byte[] Repeat(string command) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(command, Depth)));

    private int Read(ReadOnlySpan<byte> input)
    {
        var keyBytes = 0;
        while (_reader.Read(input, out var command) == ReadStatus.Command)
        {
            keyBytes += command[0].Length;
            input = input[command.ConsumedBytes..];
            if (input.IsEmpty)
                break;
        }
        return keyBytes;
    }
}
