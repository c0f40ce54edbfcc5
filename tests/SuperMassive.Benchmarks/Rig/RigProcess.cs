using SuperMassive.Core;

namespace SuperMassive.Benchmarks;

/// <summary>A core with its connections, stepped by hand.</summary>
internal abstract class RigProcess(Rig rig) : IEffects
{
    private readonly List<RigChannel> _channels = [];
    private readonly List<RigChannel> _dialled = [];

    public abstract IStateMachine Core { get; }

    protected abstract bool IsGated { get; }

    public Channel Connect(PeerAddress peer)
    {
        var target = rig.Find(peer.Address);
        var (near, far) = RigChannel.Connect(Core, target.Core, peer.Address, target.IsGated);
        _dialled.Add(near);
        target.Accept(far);
        return near;
    }

    public void Accept(RigChannel channel)
    {
        _channels.Add(channel);
        Core.Accepted(channel);
    }

    public void FillRandom(Span<byte> bytes) => rig.Random.NextBytes(bytes);

    public void Report(CoreEvent what, string subject, string detail) => rig.Reports.Add($"{what} {subject} {detail}");

    /// <summary>One batch.</summary>
    /// <returns>Whether anything was read.</returns>
    public bool Step(long unixMs, long monotonicMs)
    {
        var any = false;
        Core.BeginBatch(unixMs, monotonicMs);
        any |= Complete();
        while (_dialled.Count > 0)
        {
            var channel = _dialled[^1];
            _dialled.RemoveAt(_dialled.Count - 1);
            _channels.Add(channel);
            Core.Opened(channel);
            any = true;
        }
        foreach (var channel in _channels)
            any |= channel.Deliver();
        Core.EndBatch();
        return any;
    }

    /// <summary>Hands over what an effect has completed since the last batch.</summary>
    protected abstract bool Complete();
}
