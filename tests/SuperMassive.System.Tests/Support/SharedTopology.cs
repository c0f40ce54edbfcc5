using SuperMassive.AppHost.Processes;
using SuperMassive.Topology;

namespace SuperMassive.SystemTests.Support;

/// <summary>One running topology, two nodes with a replica each, for all tests that end nothing in it.</summary>
public sealed class SharedTopology : IAsyncLifetime
{
    /// <summary>Of the cluster's port: shorter than its default, so that slow senders are found out within a test.</summary>
    public const int ReadTimeoutMs = 3_000;

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("supermassive-");
    private ITopology? _topology;

    public ProcessLog Log { get; } = new();

    public ITopology Topology => _topology ?? throw new InvalidOperationException("it is not started yet");

    public async Task InitializeAsync()
    {
        var plan = LocalProcesses.PlanOf(new TopologySettings { DataDirectory = _data.FullName });
        _topology = new LocalProcesses(plan, TopologySecrets.LoadOrCreate(_data.FullName), Log);
        _topology.EditCluster(options => options with { Server = options.Server with { ReadTimeoutMs = ReadTimeoutMs } });
        await _topology.StartAllAsync();
    }

    public async Task DisposeAsync()
    {
        if (_topology is not null)
            await _topology.DisposeAsync();
        _data.Delete(recursive: true);
    }
}

/// <summary>Puts its classes on the one <see cref="SharedTopology"/>.</summary>
[CollectionDefinition(Name)]
public sealed class SharedTopologyCollection : ICollectionFixture<SharedTopology>
{
    public const string Name = "shared topology";
}

/// <summary>A test on the shared topology.</summary>
[Collection(SharedTopologyCollection.Name)]
public abstract class SharedTopologyTest(SharedTopology shared, ITestOutputHelper output) : IDisposable
{
    private readonly int _earlierLines = shared.Log.Lines().Count;

    private protected ITopology Topology => shared.Topology;

    public void Dispose()
    {
        LogOutput.Write(output, shared.Log, _earlierLines);
        GC.SuppressFinalize(this);
    }

    private protected void Print(string figures) => output.WriteLine(figures);
}
