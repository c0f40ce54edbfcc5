namespace SuperMassive.Topology.Kubernetes;

/// <summary>Where things are in a container.</summary>
internal static class PodPaths
{
    public const string Data = "/data";
    public const string Configuration = "/etc/supermassive";
    public const string Secrets = "/run/secrets/supermassive";
    public const string Temporary = "/tmp";
}
