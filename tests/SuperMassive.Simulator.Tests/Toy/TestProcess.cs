using System.Buffers;
using SuperMassive.Core;
using SuperMassive.Simulator.Processes;

namespace SuperMassive.Simulator.Tests.Toy;

/// <summary>A process around any state machine; a fresh one per start.</summary>
internal sealed class TestProcess(World world, string name, Func<TestProcess, IStateMachine> make) : SimProcess(world, name, name)
{
    private readonly Func<TestProcess, IStateMachine> _make = make;

    protected override IStateMachine? Boot(out string refusal)
    {
        refusal = "";
        return _make(this);
    }
}

/// <summary>A state machine that does nothing: what a test needs, it overrides.</summary>
internal class Machine : IStateMachine
{
    public List<string> Events { get; } = [];

    public long LastUnixMs { get; private set; }

    public long LastMonotonicMs { get; private set; }

    public bool IsDrained => true;

    public virtual void BeginBatch(long unixMs, long monotonicMs) => (LastUnixMs, LastMonotonicMs) = (unixMs, monotonicMs);

    public virtual void Accepted(Channel channel) => Events.Add("accepted");

    public virtual void Opened(Channel channel) => Events.Add("opened");

    public virtual int Received(Channel channel, ReadOnlySpan<byte> bytes) => bytes.Length;

    public virtual void Closed(Channel channel, string reason) => Events.Add("closed: " + reason);

    public virtual void EndBatch()
    {
    }

    public void BeginDrain()
    {
    }
}

/// <summary>Sends back what it gets.</summary>
internal sealed class Echo : Machine
{
    public bool IsPausedAtFirst { get; init; }

    public Channel? Last { get; private set; }

    public override void Accepted(Channel channel)
    {
        base.Accepted(channel);
        Last = channel;
        channel.IsReadingPaused = IsPausedAtFirst;
    }

    public override int Received(Channel channel, ReadOnlySpan<byte> bytes)
    {
        channel.Output.Write(bytes);
        return bytes.Length;
    }
}

/// <summary>Sends so many bytes to a peer and remembers what comes back.</summary>
internal sealed class Sender(TestProcess process, string to, int count) : Machine
{
    private bool _hasDialled;

    public Channel? Channel { get; private set; }

    public List<byte> Back { get; } = [];

    /// <summary>How many bytes it takes at a time; the rest is to be handed in again.</summary>
    public int Appetite { get; init; } = int.MaxValue;

    public override void BeginBatch(long unixMs, long monotonicMs)
    {
        base.BeginBatch(unixMs, monotonicMs);
        if (!_hasDialled)
            Channel = process.World.Network.Connect(process, new PeerAddress(to) { ConnectTimeoutMs = 2_000, WriteTimeoutMs = 3_000 });
        _hasDialled = true;
    }

    public override void Opened(Channel channel)
    {
        base.Opened(channel);
        channel.Output.Write([.. Enumerable.Range(0, count).Select(i => (byte)(i * 31 >> 3))]);
    }

    public override int Received(Channel channel, ReadOnlySpan<byte> bytes)
    {
        var taken = Math.Min(bytes.Length, Appetite);
        Back.AddRange(bytes[..taken]);
        return taken;
    }
}
