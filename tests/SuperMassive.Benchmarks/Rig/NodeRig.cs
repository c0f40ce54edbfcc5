using System.Text;
using SuperMassive.Core;
using SuperMassive.Core.Links;
using SuperMassive.Core.Node;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Benchmarks;

/// <summary>One node's core and a cluster's link to it, authenticated and joined; what is asked of it is the benchmark's.</summary>
internal sealed class NodeRig : IStateMachine
{
    private static readonly byte[] SharedKey = [.. "a shared key of thirty-two bytes"u8];

    private readonly RigNode _node;
    private readonly RigChannel _link;
    private readonly DialerHandshake _handshake = new(SharedKey, PeerRole.Cluster);
    private long _nowMs = 1_000;

    public NodeRig()
    {
        var world = new Rig(nodes: 0);
        _node = new RigNode(world, new NodeSettings { Address = "node-1", SharedKey = SharedKey });
        (_link, var accepted) = RigChannel.Connect(this, _node.Core, "node-1", gatesFar: true);
        _node.Accept(accepted);
        _handshake.Begin(Output, _node);
        for (var step = HandshakeStep.Pending; step != HandshakeStep.Done;)
        {
            Run();
            step = _handshake.Received(_link.Far!.Sendable, Output, out var consumed);
            _link.Far.Take(consumed);
            if (step == HandshakeStep.Failed)
                throw new InvalidOperationException(_handshake.Failure);
        }
        RespWriter.Array(Output, 4);
        RespWriter.Bulk(Output, "JOIN"u8);
        RespWriter.Bulk(Output, 1);
        RespWriter.Bulk(Output, 1);
        RespWriter.Bulk(Output, 1);
        Exchange();
    }

    /// <summary>Where requests to the node are written.</summary>
    public OutputBuffer Output => _link.Output;

    public bool IsDrained => true;

    /// <summary>One batch of the node with all that was written.</summary>
    /// <returns>The bytes of its replies.</returns>
    public int Exchange()
    {
        Run();
        var replies = _link.Far!.Sendable;
        if (replies.IndexOf("-ERR"u8) >= 0)
            throw new InvalidOperationException(Encoding.UTF8.GetString(replies));
        var count = replies.Length;
        _link.Far.Take(count);
        return count;
    }

    public void BeginBatch(long unixMs, long monotonicMs)
    {
    }

    public void Accepted(Channel channel)
    {
    }

    public void Opened(Channel channel)
    {
    }

    public int Received(Channel channel, ReadOnlySpan<byte> bytes) => 0;

    public void Closed(Channel channel, string reason)
    {
    }

    public void EndBatch()
    {
    }

    public void BeginDrain()
    {
    }

    private void Run()
    {
        _nowMs++;
        _node.Step(1_700_000_000_000 + _nowMs, _nowMs);
    }
}
