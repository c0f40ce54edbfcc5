using SuperMassive.Simulator.Checking;
using SuperMassive.Simulator.Processes;

namespace SuperMassive.Simulator;

/// <summary>The system under test as the runner sees it: its processes, and what must hold once all is quiet.</summary>
public abstract class Topology
{
    public const string Username = "supermassive";

    public const string Password = "simulated";

    /// <summary>All processes but the clients, in the order they are started.</summary>
    public abstract IReadOnlyList<SimProcess> Servers { get; }

    /// <summary>Where clients connect.</summary>
    public abstract string ClientAddress { get; }

    /// <summary>Whether nothing remains to be repaired: replicas have caught up, old copies and tombstones are gone.</summary>
    public abstract bool IsQuiet { get; }

    /// <summary>Looks at tables and journals after the last read of every key.</summary>
    /// <param name="settledReads">Those of them whose keys have no write that may still take effect.</param>
    public abstract void Check(IReadOnlyList<Operation> settledReads, List<Violation> into);
}

/// <summary>Builds the processes of a world after its plan; they are started by the runner.</summary>
public delegate Topology TopologyBuilder(World world, Plan plan);
