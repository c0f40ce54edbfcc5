namespace SuperMassive.Topology.Kubernetes;

/// <summary><c>kustomization.yaml</c>, which the client library has no model of because no API server takes it.</summary>
public sealed record Kustomization
{
    public const string FileName = "kustomization.yaml";

    public string ApiVersion { get; init; } = "kustomize.config.k8s.io/v1beta1";

    public string Kind { get; init; } = nameof(Kustomization);

    public string Namespace { get; init; } = "";

    public IList<KustomizationLabels> Labels { get; init; } = [];

    /// <summary>File names, in the order in which they are applied.</summary>
    public IList<string> Resources { get; init; } = [];
}

/// <summary>Labels for all objects. Not for selectors, which cannot change once they exist.</summary>
public sealed record KustomizationLabels
{
    public IDictionary<string, string> Pairs { get; init; } = new Dictionary<string, string>();
}
