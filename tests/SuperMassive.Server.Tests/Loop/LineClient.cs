using System.Text;
using SuperMassive.Core;

namespace SuperMassive.Server.Tests.Loop;

/// <summary>A machine that connects, and keeps what it is sent.</summary>
internal sealed class LineClient(Probe probe) : IStateMachine
{
    private readonly MemoryStream _received = new();

    public int OpenedCount { get; private set; }

    public List<string> Losses { get; } = [];

    public bool IsDrained => true;

    public long ReceivedBytes => probe.Read(() => _received.Length);

    public string Text => probe.Read(() => Encoding.ASCII.GetString(_received.GetBuffer(), 0, (int)_received.Length));

    public byte[] Bytes => probe.Read(_received.ToArray);

    public void BeginBatch(long unixMs, long monotonicMs)
    {
    }

    public void EndBatch()
    {
    }

    public void Accepted(Channel channel) => Assert.Fail("nobody was expected");

    public void Opened(Channel channel) => probe.Change(() => OpenedCount++);

    public int Received(Channel channel, ReadOnlySpan<byte> bytes)
    {
        var copy = bytes.ToArray();
        probe.Change(() => _received.Write(copy));
        return bytes.Length;
    }

    public void Closed(Channel channel, string reason) => probe.Change(() => Losses.Add(reason));

    public void BeginDrain()
    {
    }
}
