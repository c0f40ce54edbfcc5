using SuperMassive.Core;
using SuperMassive.Simulator.Checking;
using SuperMassive.Simulator.Networking;
using SuperMassive.Simulator.Processes;
using SuperMassive.Simulator.Time;

namespace SuperMassive.Simulator;

/// <summary>One simulated universe: shares nothing with any other, so that many run side by side.</summary>
public sealed class World
{
    private readonly List<SimProcess> _processes = [];
    private int _connections;
    private readonly long[] _reports = new long[Enum.GetValues<CoreEvent>().Length];

    public World(ulong seed, NetworkSettings network, bool isVerbose = false)
    {
        Seed = seed;
        Random = new SimRandom(seed);
        Trace = new Trace { IsVerbose = isVerbose };
        Scheduler = new Scheduler(Trace);
        Network = new Network(Scheduler, Random.Fork(), Trace, network);
    }

    public ulong Seed { get; }

    public SimRandom Random { get; }

    public Trace Trace { get; }

    public Scheduler Scheduler { get; }

    public Network Network { get; }

    public IReadOnlyList<SimProcess> Processes => _processes;

    /// <summary>What was seen to be wrong while it happened.</summary>
    public List<Violation> Violations { get; } = [];

    /// <summary>Told of every report: process, what, subject.</summary>
    public Action<SimProcess, CoreEvent, string>? Reported { get; set; }

    /// <summary>How often cores reported what, by <see cref="CoreEvent"/>.</summary>
    public IReadOnlyList<long> Reports => _reports;

    /// <summary>A number for each connection of a client, from 1.</summary>
    public int NextConnection() => ++_connections;

    /// <summary>How many checkpoints nodes installed.</summary>
    public long CheckpointsInstalled { get; internal set; }

    /// <summary>How many segments of journals were deleted behind them.</summary>
    public long SegmentsDeleted { get; internal set; }

    /// <summary>How many pages of damaged journals were put right from a replica.</summary>
    public long PagesRepaired { get; internal set; }

    /// <summary>Replicas that began anew from a checkpoint.</summary>
    public long StartedOver { get; internal set; }

    public void Say(string line) => Trace.Say(Scheduler.NowUs, line);

    internal int Add(SimProcess process)
    {
        if (_processes.Count == 64)
            throw new InvalidOperationException("a world has at most 64 processes: the network keeps its paths in 64 bits");
        _processes.Add(process);
        return _processes.Count - 1;
    }

    internal void Report(SimProcess process, CoreEvent what, string subject, string detail)
    {
        _reports[(int)what]++;
        Reported?.Invoke(process, what, subject);
        if (Trace.IsVerbose)
            Say($"{process.Name}: {what} {subject} {detail}");
    }
}
