namespace SuperMassive.Topology.Kubernetes;

/// <summary>A file of a deployment.</summary>
/// <param name="Name">Without folder.</param>
/// <param name="Text">With <c>\n</c> as line end, whatever machine made it.</param>
public sealed record ManifestFile(string Name, string Text);
