using SuperMassive.Topology;

namespace SuperMassive.SystemTests;

/// <summary>The same on Aspire.</summary>
public sealed class AspireNodeCrashTests(ITestOutputHelper output) : NodeCrashTests(output)
{
    private protected override Task<ITopology> HostAsync(TopologySettings settings) => AspireProcesses.PrepareAsync(settings, Log);
}

/// <inheritdoc cref="AspireNodeCrashTests"/>
public sealed class AspireReplicaTests(ITestOutputHelper output) : ReplicaTests(output)
{
    private protected override Task<ITopology> HostAsync(TopologySettings settings) => AspireProcesses.PrepareAsync(settings, Log);
}

/// <inheritdoc cref="AspireNodeCrashTests"/>
public sealed class AspireRestartTests(ITestOutputHelper output) : RestartTests(output)
{
    private protected override Task<ITopology> HostAsync(TopologySettings settings) => AspireProcesses.PrepareAsync(settings, Log);
}
