using System.Text;
using BenchmarkDotNet.Attributes;

namespace SuperMassive.Benchmarks.Cores;

/// <summary>
/// A client's commands through the cluster's core and the nodes' cores and back, 16 to a batch: figures are per command. The
/// allocation gate runs these very methods.
/// </summary>
[MemoryDiagnoser]
public class ClusterCommands
{
    /// <summary>Commands per batch.</summary>
    public const int Depth = 16;

    private const int Batches = 64;
    private const int ValueBytes = 64;

    private readonly byte[][] _gets = new byte[Batches][];
    private readonly byte[][] _puts = new byte[Batches][];
    private readonly byte[][] _increments = new byte[Batches][];
    private readonly byte[][] _deletes = new byte[Batches][];
    private readonly byte[][] _refills = new byte[Batches][];
    private Rig _rig = null!;
    private int _next;

    [Params(2, 8)]
    public int Nodes { get; set; } = 2;

    [Params(false, true)]
    public bool Resp { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _rig = new Rig(Nodes);
        var value = new string('v', ValueBytes);
        for (var batch = 0; batch < Batches; batch++)
        {
            _gets[batch] = Commands(batch, "GET", "key");
            _puts[batch] = Commands(batch, "PUT", "key", value);
            _increments[batch] = Commands(batch, "INCR", "counter");
            _deletes[batch] = Commands(batch, "DEL", "fleeting");
            _refills[batch] = Commands(batch, "PUT", "fleeting", value);
            _rig.Exchange(_puts[batch]);
            _rig.Exchange(Commands(batch, "PUT", "counter", "100000"));
        }
    }

    [Benchmark(OperationsPerInvoke = Depth)]
    public int Get() => _rig.Exchange(Next(_gets));

    [Benchmark(OperationsPerInvoke = Depth)]
    public int Put() => _rig.Exchange(Next(_puts));

    [Benchmark(OperationsPerInvoke = Depth)]
    public int Incr() => _rig.Exchange(Next(_increments));

    /// <summary>A deletion and the write that makes the next one delete something.</summary>
    [Benchmark(OperationsPerInvoke = 2 * Depth)]
    public int PutAndDel()
    {
        var written = _rig.Exchange(Next(_refills));
        return written + _rig.Exchange(_deletes[_next]);
    }

    private byte[] Next(byte[][] batches) => batches[_next = (_next + 1) % Batches];

    private byte[] Commands(int batch, string verb, string prefix, string value = "")
    {
        var text = new StringBuilder();
        for (var i = 0; i < Depth; i++)
        {
            var key = $"{prefix}:{batch * Depth + i:D8}";
            if (!Resp)
                text.Append(verb).Append(' ').Append(key).Append(value.Length > 0 ? " " : "").Append(value).Append("\r\n");
            else if (value.Length > 0)
                text.Append($"*3\r\n${verb.Length}\r\n{verb}\r\n${key.Length}\r\n{key}\r\n${value.Length}\r\n{value}\r\n");
            else
                text.Append($"*2\r\n${verb.Length}\r\n{verb}\r\n${key.Length}\r\n{key}\r\n");
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
