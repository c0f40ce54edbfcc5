namespace SuperMassive.Topology.Kubernetes;

/// <summary>Where a process finds a secret that it needs.</summary>
/// <param name="Variable">Environment variable that names the file.</param>
/// <param name="Key">In the Secret, and the file's name.</param>
internal sealed record SecretReference(string Variable, string Key);

/// <summary>
/// Secrets by reference: one Secret, which no manifest contains. They are mounted as files, because an environment is inherited by every
/// child process and printed by every dump.
/// </summary>
internal static class SecretReferences
{
    public const string SecretName = "supermassive";

    private const string VariablePrefix = "SUPERMASSIVE_";

    private static readonly TopologySecrets None = new("", "", "");

    /// <summary>The secrets that a launcher would give it in its environment.</summary>
    public static IEnumerable<SecretReference> Of(TopologyProcess process) =>
        from variable in process.Environment(None).Keys
        let key = variable[VariablePrefix.Length..].ToLowerInvariant().Replace('_', '-')
        orderby key
        select new SecretReference($"{variable}_FILE", key);
}
