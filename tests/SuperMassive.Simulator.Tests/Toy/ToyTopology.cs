using SuperMassive.Core.Node;
using SuperMassive.Simulator.Checking;
using SuperMassive.Simulator.Clients;
using SuperMassive.Simulator.Processes;

namespace SuperMassive.Simulator.Tests.Toy;

/// <summary>A topology of one process, for testing the simulator itself.</summary>
internal sealed class ToyTopology : Topology
{
    private readonly SimNode _store;

    private ToyTopology(World world, Plan plan, Bug bug) => _store = new SimNode(world, "store",
        new NodeSettings { Address = "store:1", SharedKey = [], JournalMode = plan.JournalMode }, ToyStore.Boot(bug));

    public override IReadOnlyList<SimProcess> Servers => [_store];

    public override string AddressFor(SimClient client) => _store.Address;

    public override bool IsQuiet => true;

    public static TopologyBuilder With(Bug bug) => (world, plan) => new ToyTopology(world, plan, bug);

    public override void Check(IReadOnlyList<Operation> operations, IReadOnlyList<Operation> settledReads, List<Violation> into)
    {
        var table = new List<HeldKey>();
        _store.Core!.ReadTable(table);
        Holders.CheckPrimaries([(_store.Name, table)], into);
        Holders.CheckValues([(_store.Name, table)], settledReads, into);
    }
}
