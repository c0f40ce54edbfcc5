using SuperMassive.Simulator.Clients;
using SuperMassive.Simulator.Networking;
using SuperMassive.Simulator.Processes;
using SuperMassive.Simulator.Storage;

namespace SuperMassive.Simulator.Faults;

/// <summary>
/// Lets things go wrong by chance until <see cref="Heal"/>. Which kinds, how often and for how long is drawn per run, so that some
/// runs see one fault in peace and others a storm.
/// </summary>
public sealed class FaultInjector(World world, FaultSet faults, Topology topology, IReadOnlyList<SimClient> clients)
{
    /// <summary>What a full disk still has room for: nothing, starts, some or much clearing up, a few clients' writes (see JournalSpace).</summary>
    private static readonly int[] RoomBytes = [0, 0, 16 << 10, 32 << 10, 64 << 10];

    /// <summary>What comes thick and fast in some runs: links that break again and again show races that single breaks do not.</summary>
    private static readonly FaultSet Stormy = FaultSet.None.With(FaultKind.Reset).With(FaultKind.HalfOpen).With(FaultKind.Pause)
        .With(FaultKind.OneWay).With(FaultKind.CrashWrite).With(FaultKind.ClientCrash).With(FaultKind.SlowClient);

    private readonly IReadOnlyList<SimProcess> _servers = topology.Servers;
    private readonly SimRandom _random = world.Random.Fork();
    private readonly NetworkSettings _calmNetwork = world.Network.Settings;
    private bool _isHealing;

    /// <summary>See <see cref="Plan.CutsConnections"/>.</summary>
    public bool CutsConnections { get; init; }

    /// <summary>See <see cref="Plan.DelaysStandIns"/>.</summary>
    public bool DelaysStandIns { get; init; }

    /// <summary>See <see cref="Plan.CutsReplication"/>.</summary>
    public bool CutsReplication { get; init; }

    /// <summary>See <see cref="Plan.Frequent"/>.</summary>
    public FaultSet Frequent { get; init; }

    /// <summary>How often each kind happened.</summary>
    public int[] Counts { get; } = new int[Enum.GetValues<FaultKind>().Length];

    public void Start()
    {
        var isStorm = _random.Chance(150);
        bool IsFrequent(FaultKind kind) => isStorm && Stormy.Contains(kind) && _random.Chance(500);
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            if (faults.Contains(kind))
                Schedule(kind, IsFrequent(kind) ? _random.Between(30_000, 300_000) : _random.Between(500_000, LongestMeanUs(kind)));
        }
    }

    /// <summary>Ends every fault: paths open, disks work, and what is down is started.</summary>
    public void Heal()
    {
        _isHealing = true;
        world.Network.Settings = _calmNetwork;
        world.Network.HealAll();
        topology.BeforeHealing();
        foreach (var process in _servers.Concat(clients))
        {
            process.Spare();
            process.Resume();
            if (process.IsStopping)
                process.Crash();
            if (process is SimClient client)
                client.IsDozing = false;
            DiskOf(process)?.Clear();
            if (process is SimNode node)
                HealNode(node);
            else
                process.Start();
        }
    }

    private static void HealNode(SimNode node)
    {
        if (node.NeedsRestart)
            node.Crash();
        node.RestoreFlippedBits();
        node.StartWithOperator();
    }

    private int LongestMeanUs(FaultKind kind) => Frequent.Contains(kind) ? 2_500_000 : 12_000_000;

    private void Schedule(FaultKind kind, int meanUs) => world.Scheduler.After(_random.Between(1, 2 * meanUs), () =>
    {
        if (_isHealing)
            return;
        if (Inject(kind))
            Counts[(int)kind]++;
        Schedule(kind, meanUs);
    });

    private bool Inject(FaultKind kind)
    {
        var server = _random.Pick(_servers);
        return kind switch
        {
            FaultKind.Crash => Stop(server, server.Crash),
            FaultKind.CrashWrite => DieInWrite(server),
            FaultKind.Power => CutPower(server),
            FaultKind.Pause => Pause(server),
            FaultKind.Clock => JumpClock(server),
            FaultKind.Partition => Partition(bothWays: true),
            FaultKind.OneWay => Partition(bothWays: false),
            FaultKind.Reset when DelaysStandIns => ResetPrimary(),
            FaultKind.Reset => OnConnection(Network.Reset, "is reset"),
            FaultKind.HalfOpen => OnConnection(Network.Silence, "falls silent"),
            FaultKind.SlowNetwork => SlowNetwork(),
            FaultKind.SlowClient => clients.Count > 0 && Doze(_random.Pick(clients)),
            FaultKind.Stop => StopInOrder(server),
            FaultKind.Blackout => BlackOut(),
            FaultKind.Takeover or FaultKind.DiskLoss or FaultKind.Reconfigure or FaultKind.Removal or FaultKind.StateLoss
                or FaultKind.Rot or FaultKind.Emptied => topology.Disturb(kind),
            FaultKind.ClientCrash => clients.Count > 0 && Stop(_random.Pick(clients), null),
            FaultKind.BitFlip => server is SimNode node && node.FlipSyncedBit(),
            _ => HarmDisk(kind, server),
        };
    }

    private bool Stop(SimProcess process, Action? how)
    {
        if (!process.IsRunning)
            return false;
        (how ?? process.Crash)();
        StartLater(process);
        return true;
    }

    private bool CutPower(SimProcess server)
    {
        if (server is not SimNode { IsRunning: true } node || _random.Chance(300))
            return Stop(server, server.CutPower);
        node.Disk.DuringNextSync = () =>
        {
            if (!_isHealing)
                Stop(node, node.CutPower);
        };
        return true;
    }

    private bool DieInWrite(SimProcess server)
    {
        if (!server.IsRunning)
            return false;
        if (server is SimNode node && _random.Chance(500))
            node.Disk.DiesInNextWrite = true;
        else
            server.CrashBeforeSending();
        StartLater(server);
        return true;
    }

    /// <summary>Starts a process again after a while.</summary>
    private void StartLater(SimProcess process)
    {
        var downUs = _random.Chance(150) ? _random.Between(5_000_000, 30_000_000) : _random.Skewed(5_000, 5_000_000);
        world.Scheduler.After(downUs, () =>
        {
            if (_isHealing || process.IsRunning && !process.IsStopping)
                return;
            // a machine that was off may come back with another idea of the time
            if (faults.Contains(FaultKind.Clock) && _random.Chance(200))
                JumpClock(process);
            if (process.IsStopping)
                StartLater(process);
            else if (process is SimNode node)
                node.StartWithOperator();
            else
                process.Start();
        });
    }

    private bool BlackOut()
    {
        var losesPower = faults.Contains(FaultKind.Power) && _random.Chance(500);
        foreach (var server in _servers)
            Stop(server, losesPower ? server.CutPower : server.Crash);
        return true;
    }

    private bool StopInOrder(SimProcess server)
    {
        if (!server.IsRunning || server.IsPaused || server.IsStopping)
            return false;
        server.Stop();
        StartLater(server);
        return true;
    }

    private bool Doze(SimClient client)
    {
        if (client.IsDozing)
            return false;
        client.IsDozing = true;
        End(_random.Skewed(20_000, 8_000_000), () => client.IsDozing = false);
        return true;
    }

    private bool Pause(SimProcess server)
    {
        if (!server.IsRunning || server.IsPaused)
            return false;
        server.Pause();
        var (pauses, incarnation) = (server.Pauses, server.Incarnation);
        End(_random.Skewed(50_000, 10_000_000), () =>
        {
            if (pauses == server.Pauses && incarnation == server.Incarnation)
                server.Resume();
        });
        return true;
    }

    private bool JumpClock(SimProcess server)
    {
        server.Clock.OffsetMs = _random.Between(-3_600_000, 3_600_000);
        world.Say($"{server.Name}: wall clock is off by {server.Clock.OffsetMs} ms");
        return true;
    }

    private bool Partition(bool bothWays)
    {
        var (from, to) = PickPath();
        if (from == to || world.Network.IsBlocked(from, to))
            return false;
        if (_random.Chance(500))
            (from, to) = (to, from);
        world.Say($"nothing passes from {from.Name} to {to.Name}{(bothWays ? " and back" : "")}");
        world.Network.Block(from, to);
        if (bothWays)
            world.Network.Block(to, from);
        End(CutsConnections || CutsReplication ? _random.Between(50_000, 4_000_000) : _random.Skewed(20_000, 15_000_000), () =>
        {
            world.Say($"the path from {from.Name} to {to.Name} is open again");
            world.Network.Unblock(from, to);
            if (bothWays)
                world.Network.Unblock(to, from);
        });
        return true;
    }

    private (SimProcess From, SimProcess To) PickPath()
    {
        if (CutsReplication && _random.Chance(700))
        {
            // the only connections that nodes dial are those to their replicas
            var feeds = world.Network.Connections.Where(connection => connection is { Process: SimNode, Remote: not null }).ToList();
            if (feeds.Count > 0 && _random.Pick(feeds) is { Process: var primary, Remote.Process: var replica })
                return (primary, replica);
        }
        if (CutsConnections && world.Network.Connections.Count > 0)
        {
            var connection = _random.Pick(world.Network.Connections);
            if (connection is { Process: not SimClient, Remote.Process: var to })
                return (connection.Process, to);
        }
        return (_random.Pick(_servers), clients.Count > 0 && _random.Chance(200) ? _random.Pick(clients) : _random.Pick(_servers));
    }

    private bool OnConnection(Action<SimChannel> what, string says)
    {
        if (world.Network.Connections.Count == 0)
            return false;
        var connection = _random.Pick(world.Network.Connections);
        if (connection.IsSilent)
            return false;
        world.Say($"the connection from {connection.Process.Name} to {connection.Peer} {says}");
        what(connection);
        return true;
    }

    /// <summary>A primary is away for a moment, and what its replicas are asked meanwhile reaches them later, maybe when it is back.</summary>
    private bool ResetPrimary()
    {
        var links = world.Network.Connections.Where(connection => connection.Process is SimCluster).ToList();
        var primaries = links.Where(link => link.Remote?.Process is SimNode { Settings.IsReplica: false }).ToList();
        if (primaries.Count == 0)
            return false;
        var link = _random.Pick(primaries);
        var primary = (SimNode)link.Remote!.Process;
        foreach (var standIn in links)
        {
            if (standIn.Remote?.Process is SimNode replica && primary.Settings.Replicas.Any(peer => peer.Address == replica.Address))
                Delay(standIn.Process, replica, _random.Between(50_000, 1_400_000));
        }
        world.Say($"the connection from {link.Process.Name} to {link.Peer} is reset");
        Network.Reset(link);
        return true;
    }

    private void Delay(SimProcess from, SimProcess to, int forUs)
    {
        if (world.Network.IsBlocked(from, to))
            return;
        world.Say($"what {from.Name} sends to {to.Name} takes {forUs} us");
        world.Network.Block(from, to);
        End(forUs, () => world.Network.Unblock(from, to));
    }

    private bool SlowNetwork()
    {
        world.Network.Settings = _calmNetwork with
        {
            MaxLatencyUs = _random.Skewed(2_000, 500_000),
            RetransmitPerMille = _random.Between(2, 100),
            SplitPerMille = 500,
            WindowBytes = _random.Skewed(512, _calmNetwork.WindowBytes),
        };
        End(_random.Between(100_000, 5_000_000), () => world.Network.Settings = _calmNetwork);
        return true;
    }

    private bool HarmDisk(FaultKind kind, SimProcess server)
    {
        if (DiskOf(server) is not { } disk)
            return false;
        switch (kind)
        {
            case FaultKind.SlowDisk:
                disk.ExtraUs = _random.Skewed(5_000, 2_000_000);
                break;
            case FaultKind.FailSync:
                disk.NextSyncFails = true;
                break;
            case FaultKind.FailWrite:
                disk.WritesFail = true;
                break;
            case FaultKind.FailCheckpoint:
                disk.CheckpointsFail = true;
                break;
            case FaultKind.FullDisk when server is SimNode node:
                node.FillDisk(_random.Pick(RoomBytes) + _random.Below(3_000));
                break;
            default:
                return false;
        }
        world.Say($"{server.Name}: disk fault {kind}");
        if (kind != FaultKind.FailSync)
            End(_random.Skewed(50_000, 5_000_000), () => EndDiskFault(kind, disk));
        return true;
    }

    private static void EndDiskFault(FaultKind kind, DiskFaults disk)
    {
        if (kind == FaultKind.SlowDisk)
            disk.ExtraUs = 0;
        else if (kind == FaultKind.FailWrite)
            disk.WritesFail = false;
        else if (kind == FaultKind.FailCheckpoint)
            disk.CheckpointsFail = false;
        else
            disk.CapacityBytes = long.MaxValue;
    }

    private void End(long afterUs, Action end) => world.Scheduler.After(afterUs, () =>
    {
        if (!_isHealing)
            end();
    });

    private static DiskFaults? DiskOf(SimProcess process) => process switch
    {
        SimNode node => node.Disk,
        SimCluster cluster => cluster.Disk,
        _ => null,
    };
}
