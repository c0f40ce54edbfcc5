using System.Globalization;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Topology;

/// <summary>
/// Which process of a topology: <c>cluster</c>, <c>node-1</c>, <c>node-1-replica-1</c>. Good as a folder, a DNS label and
/// a resource name.
/// </summary>
/// <param name="Node">Counted from 1; 0 for the cluster.</param>
/// <param name="Replica">Counted from 1 within its node; 0 for cluster and nodes.</param>
public readonly record struct ProcessName(ServiceKind Kind, int Node, int Replica)
{
    public static ProcessName Cluster => new(ServiceKind.Cluster, 0, 0);

    public static ProcessName OfNode(int node) => new(ServiceKind.Node, node, 0);

    public static ProcessName OfReplica(int node, int replica) => new(ServiceKind.Replica, node, replica);

    public static implicit operator string(ProcessName name) => name.ToString();

    public override string ToString() => Kind switch
    {
        ServiceKind.Node => string.Create(CultureInfo.InvariantCulture, $"node-{Node}"),
        ServiceKind.Replica => string.Create(CultureInfo.InvariantCulture, $"node-{Node}-replica-{Replica}"),
        _ => "cluster",
    };
}
