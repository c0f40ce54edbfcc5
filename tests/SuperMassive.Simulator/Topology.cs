using SuperMassive.Simulator.Checking;
using SuperMassive.Simulator.Clients;
using SuperMassive.Simulator.Faults;
using SuperMassive.Simulator.Processes;

namespace SuperMassive.Simulator;

/// <summary>The system under test as the runner sees it: its processes, and what must hold once all is quiet.</summary>
public abstract class Topology
{
    public const string Username = "supermassive";

    public const string Password = "simulated";

    /// <summary>All processes but the clients, in the order they are started.</summary>
    public abstract IReadOnlyList<SimProcess> Servers { get; }

    /// <summary>Where a client connects that has no connection now.</summary>
    public abstract string AddressFor(SimClient client);

    /// <summary>Whether nothing remains to be repaired: replicas have caught up, old copies and tombstones are gone.</summary>
    public abstract bool IsQuiet { get; }

    /// <summary>Does one of the things that concern the topology as a whole.</summary>
    /// <returns>Whether it could be done now.</returns>
    public virtual bool Disturb(FaultKind kind) => false;

    /// <summary>Everything else is about to heal: brings the topology into the state in which it is to stay.</summary>
    public virtual void BeforeHealing()
    {
    }

    /// <summary>Whether what the operator has to do after healing is done.</summary>
    public virtual bool IsSettled => true;

    /// <summary>An operation as the checks are to take it: what a replaced process says of data promises nothing.</summary>
    /// <returns>The operation itself, another in its place, or null to leave it out.</returns>
    public virtual Operation? AsPromised(Operation operation) => operation;

    /// <summary>Whether an answer may rest on a replica whose table has been made something else than its journal says.</summary>
    public virtual bool MayBeMistaken(Operation operation) => false;

    /// <summary>Looks at tables and journals after the last read of every key.</summary>
    /// <param name="operations">All of the run, as they were.</param>
    /// <param name="settledReads">Those of them whose keys have no write that may still take effect.</param>
    public abstract void Check(IReadOnlyList<Operation> operations, IReadOnlyList<Operation> settledReads, List<Violation> into);
}

/// <summary>Builds the processes of a world after its plan; they are started by the runner.</summary>
public delegate Topology TopologyBuilder(World world, Plan plan);
