using SuperMassive.Simulator.Checking;
using SuperMassive.Simulator.Clients;
using SuperMassive.Simulator.Faults;
using SuperMassive.Simulator.Processes;

namespace SuperMassive.Simulator;

/// <summary>One run of one seed: load under faults, healing, a last read of every key, and the checks.</summary>
public sealed class Simulation
{
    /// <summary>How long a healed topology may take to answer everything and to have repaired all.</summary>
    private const long HealingUs = 60_000_000;

    /// <summary>Requests under way at once of who works through all keys.</summary>
    private const int MassDepth = 64;

    private readonly Plan _plan;
    private readonly World _world;
    private readonly Topology _topology;
    private readonly History _history = new();
    private readonly List<SimClient> _clients = [];
    private readonly FaultInjector _faults;
    private readonly List<Violation> _violations = [];

    private Simulation(Plan plan, TopologyBuilder build, bool isVerbose)
    {
        _plan = plan;
        _world = new World(plan.Seed, plan.Network, isVerbose);
        _topology = build(_world, plan);
        for (var i = 0; i < plan.Clients; i++)
            _clients.Add(AddClient(i));
        _faults = new FaultInjector(_world, plan.Faults, _topology, _clients)
        {
            CutsConnections = plan.CutsConnections,
            CutsReplication = plan.CutsReplication,
            Frequent = plan.Frequent,
        };
    }

    public static RunResult Run(Plan plan, TopologyBuilder build, bool isVerbose = false)
    {
        var run = new Simulation(plan, build, isVerbose);
        try
        {
            run.RunAll();
        }
        catch (Exception e)
        {
            // a core that throws breaks the contract of IStateMachine: that is a finding about this seed like any other
            run._violations.Add(new Violation("exception", "", e.ToString()));
        }
        finally
        {
            foreach (var node in run._topology.Servers.OfType<SimNode>())
                node.Release();
        }
        return run.Finish();
    }

    private void RunAll()
    {
        foreach (var server in _topology.Servers)
            server.Start();
        foreach (var client in _clients)
            client.Start();
        _faults.Start();
        _world.Scheduler.RunUntil(_plan.FaultyUs);
        _faults.Heal();
        _world.Say("everything heals");
        EndLoad();
        if (!_world.Scheduler.RunUntil(() => _topology.IsSettled, _world.Scheduler.NowUs + HealingUs, 50_000))
            _violations.Add(new Violation("reload", "", "the healed topology does not read its files"));
        // a first read of everything lets gathers find and drop old copies; what counts is the second, of what then remains
        ReadEverything();
        if (!_world.Scheduler.RunUntil(() => _topology.IsQuiet, _world.Scheduler.NowUs + HealingUs, 50_000))
            _world.Say("no quiet in time");
        var lastReads = ReadEverything();
        _world.Scheduler.RunUntil(() => _topology.IsQuiet, _world.Scheduler.NowUs + HealingUs, 5_000);
        _violations.AddRange(_world.Violations);
        new Verification(_plan, _history, _clients, lastReads, _topology).Check(_violations);
    }

    private void EndLoad()
    {
        foreach (var client in _clients)
            client.IsPatient = client.IsSilent = true;
        _world.Scheduler.RunUntil(() => _clients.TrueForAll(client => client.UnderWay == 0), _world.Scheduler.NowUs + HealingUs);
    }

    private ReadAll ReadEverything()
    {
        var reads = new ReadAll(_plan.Workload.Keys);
        var reader = AddClient(_clients.Count, reads);
        _clients.Add(reader);
        reader.Start();
        _world.Scheduler.RunUntil(() => reads.IsOver, _world.Scheduler.NowUs + HealingUs);
        reader.Crash();
        return reads;
    }

    private SimClient AddClient(int index, Workload? workload = null)
    {
        var random = _world.Random.Fork();
        var depth = random.Chance(400) ? random.Between(2, 8) : 1;
        var isMass = _plan.Workload.IsMass && (index == 0 || workload is not null);
        if (isMass)
            depth = MassDepth;
        var settings = new ClientSettings
        {
            ServerAddress = _topology.AddressFor,
            Username = Topology.Username,
            Password = Topology.Password,
            RespPerMille = random.Pick<int>([0, 0, 1_000, 500]),
            Depth = depth,
            ThinkUs = isMass ? 1_000 : workload is null ? LongestThinkUs(random, depth) : 10_000,
            PatienceUs = random.Between(1_000_000, 8_000_000),
        };
        if (isMass)
            workload ??= new MassWorkload(_plan, random.Fork(), _world.Scheduler);
        workload ??= new MixedWorkload(_plan.Workload, random.Fork(), setsCounters: index == 0);
        return new SimClient(_world, $"client-{index}", settings, workload, _history);
    }

    /// <summary>
    /// Lets most clients be at work, in bursts, for as long as things go wrong: skewed pauses are a sixteenth of the longest on average.
    /// </summary>
    private int LongestThinkUs(SimRandom random, int depth) =>
        (int)Math.Min(_plan.FaultyUs / _plan.Workload.OperationsPerClient * depth * random.Between(4, 16), _plan.FaultyUs);

    private RunResult Finish() => new()
    {
        Plan = _plan,
        Violations = _violations,
        TraceHash = _world.Trace.Hash,
        SimulatedUs = _world.Scheduler.NowUs,
        Events = _world.Scheduler.Events,
        History = _history,
        Faults = _faults.Counts,
        CheckpointsInstalled = _world.CheckpointsInstalled,
        SegmentsDeleted = _world.SegmentsDeleted,
        PagesRepaired = _world.PagesRepaired,
        StartedOver = _world.StartedOver,
        Lines = _world.Trace.Lines,
    };
}
