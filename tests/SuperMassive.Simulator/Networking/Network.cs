using SuperMassive.Core;
using SuperMassive.Simulator.Processes;
using SuperMassive.Simulator.Time;

namespace SuperMassive.Simulator.Networking;

/// <summary>All connections of a world, who can be reached under which address, and which paths are cut.</summary>
public sealed class Network(Scheduler scheduler, SimRandom random, Trace trace, NetworkSettings settings)
{
    private readonly Dictionary<string, SimProcess> _byAddress = [];
    private readonly List<SimChannel> _connections = [];
    private readonly ulong[] _blockedTo = new ulong[64];

    public Scheduler Scheduler => scheduler;

    public SimRandom Random => random;

    public Trace Trace => trace;

    public NetworkSettings Settings { get; set; } = settings;

    /// <summary>Pipes whose front could not arrive.</summary>
    internal List<Pipe> Stalled { get; } = [];

    /// <summary>The dialling ends of all connections that are not over.</summary>
    public IReadOnlyList<SimChannel> Connections => _connections;

    public void Register(string address, SimProcess process) => _byAddress[address] = process;

    public SimProcess? Find(string address) => _byAddress.GetValueOrDefault(address);

    public SimChannel Connect(SimProcess process, PeerAddress peer)
    {
        var channel = new SimChannel(this, process, peer, isDialler: true, gated: false);
        _connections.Add(channel);
        channel.StartDialling();
        return channel;
    }

    /// <summary>Cuts the path in one direction; what is sent on it waits, as TCP retransmits.</summary>
    public void Block(SimProcess from, SimProcess to) => _blockedTo[from.Id] |= 1UL << to.Id;

    public void Unblock(SimProcess from, SimProcess to)
    {
        _blockedTo[from.Id] &= ~(1UL << to.Id);
        RetryStalled();
    }

    public bool IsBlocked(SimProcess from, SimProcess to) => (_blockedTo[from.Id] & 1UL << to.Id) != 0;

    /// <summary>Opens every path; ends whose other end fell silent or vanished learn of it, as keep-alive probes would tell them.</summary>
    public void HealAll()
    {
        Array.Clear(_blockedTo);
        foreach (var process in _byAddress.Values)
        {
            foreach (var channel in process.Channels)
            {
                if (channel.IsSilent)
                    Reset(channel);
                else if (channel.Remote is { IsOver: true })
                    channel.Incoming.SendReset();
            }
        }
        RetryStalled();
    }

    /// <summary>Breaks a connection off at any byte of both directions.</summary>
    public static void Reset(SimChannel connection)
    {
        connection.IsSilent = false;
        if (connection.Remote is not { } remote)
            return;
        remote.IsSilent = false;
        connection.Incoming.SendReset();
        remote.Incoming.SendReset();
    }

    /// <summary>Makes a connection half-open: from now on nothing arrives on it and nobody is told.</summary>
    public static void Silence(SimChannel connection)
    {
        connection.IsSilent = true;
        if (connection.Remote is { } remote)
            remote.IsSilent = true;
    }

    public void RetryStalled()
    {
        if (Stalled.Count == 0)
            return;
        var pipes = Stalled.ToArray();
        Stalled.Clear();
        foreach (var pipe in pipes)
            pipe.Retry();
    }

    internal bool CanArrive(SimChannel receiver) =>
        !receiver.IsSilent && receiver.Process.IsHostUp
        && (receiver.Remote is not { } sender || !IsBlocked(sender.Process, receiver.Process));

    internal bool CanDial(SimProcess from, SimProcess to) => to.IsHostUp && !IsBlocked(from, to) && !IsBlocked(to, from);

    internal int LatencyUs() => random.Chance(Settings.RetransmitPerMille)
        ? Settings.RetransmitUs + random.Below(Settings.RetransmitUs)
        : random.Skewed(Settings.MinLatencyUs, Settings.MaxLatencyUs);

    internal void Forget(SimChannel dialler) => _connections.Remove(dialler);
}
