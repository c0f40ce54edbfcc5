using SuperMassive.AppHost.Processes;
using SuperMassive.Topology;

namespace SuperMassive.SystemTests.Support;

/// <summary>A test with a topology of its own in a folder of its own; both are gone afterwards, and the logs are in its output.</summary>
public abstract class SystemTest(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("supermassive-");
    private readonly List<ITopology> _topologies = [];

    private protected ProcessLog Log { get; } = new();

    private protected string DataDirectory => _data.FullName;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var topology in _topologies)
            await topology.DisposeAsync();
        _data.Delete(recursive: true);
        LogOutput.Write(output, Log, skip: 0);
    }

    /// <summary>A topology of the local launcher whose files are written, to be edited, and of which nothing runs.</summary>
    private protected LocalProcesses Prepare(TopologySettings settings, TopologySecrets? secrets = null)
    {
        var plan = LocalProcesses.PlanOf(settings with { DataDirectory = _data.FullName });
        return Prepare(plan, secrets ?? TopologySecrets.LoadOrCreate(_data.FullName));
    }

    private protected LocalProcesses Prepare(Topology.Topology plan, TopologySecrets secrets)
    {
        var topology = new LocalProcesses(plan, secrets, Log);
        _topologies.Add(topology);
        return topology;
    }

    /// <summary>A topology of which nothing runs, on the host that this test is for.</summary>
    private protected async Task<ITopology> PrepareAsync(TopologySettings settings)
    {
        var topology = await HostAsync(settings with { DataDirectory = _data.FullName });
        _topologies.Add(topology);
        return topology;
    }

    /// <summary>
    /// The host of <see cref="StartAsync"/> and <see cref="PrepareAsync"/>: the local launcher, unless a test overrides it.
    /// </summary>
    private protected virtual Task<ITopology> HostAsync(TopologySettings settings) => Task.FromResult<ITopology>(
        new LocalProcesses(LocalProcesses.PlanOf(settings), TopologySecrets.LoadOrCreate(settings.DataDirectory), Log));

    /// <summary>A topology that runs; all its primaries are healthy.</summary>
    private protected async Task<ITopology> StartAsync(TopologySettings settings)
    {
        var topology = await PrepareAsync(settings);
        await topology.StartAllAsync();
        return topology;
    }

    private protected void Print(string figures) => output.WriteLine(figures);
}
