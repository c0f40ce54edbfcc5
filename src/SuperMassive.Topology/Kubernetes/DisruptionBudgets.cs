using k8s.Models;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Topology.Kubernetes;

/// <summary>
/// What may be away on purpose, when machines are emptied. The cluster process has no budget: there is one of it, so that a budget would
/// either permit everything or forbid emptying its machine.
/// </summary>
internal static class DisruptionBudgets
{
    public const string DataName = "data";

    /// <summary>
    /// One for all nodes and replicas, because a pod may be in one budget only and this one says the most: no shard misses two
    /// copies, and never does more than one primary fail to take writes.
    /// </summary>
    public static V1PodDisruptionBudget ForData(KubernetesSettings settings) => new()
    {
        ApiVersion = "policy/v1",
        Kind = V1PodDisruptionBudget.KubeKind,
        Metadata = Metadata.Of(DataName, settings),
        Spec = new V1PodDisruptionBudgetSpec
        {
            MaxUnavailable = 1,
            Selector = new V1LabelSelector
            {
                MatchLabels = Labels.Common(),
                MatchExpressions =
                [
                    new V1LabelSelectorRequirement
                    {
                        Key = Labels.Component,
                        OperatorProperty = "In",
                        Values = [Labels.ComponentOf(ServiceKind.Node), Labels.ComponentOf(ServiceKind.Replica)],
                    },
                ],
            },
        },
    };
}
