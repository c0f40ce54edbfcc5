using SuperMassive.AppHost.Local;
using SuperMassive.AppHost.Processes;
using SuperMassive.Topology;

namespace SuperMassive.SystemTests.Support;

/// <summary>A topology as processes of this machine, on free ports.</summary>
public sealed class LocalProcesses : ITopology
{
    private readonly ProcessGroup _group;
    private readonly ProcessLog _log;
    private readonly TimeSpan _startLimit = TimeSpan.FromSeconds(60);

    /// <summary>Writes the configuration files; nothing is started.</summary>
    public LocalProcesses(Topology.Topology plan, TopologySecrets secrets, ProcessLog log)
    {
        (Plan, Secrets, _log) = (plan, secrets, log);
        _group = LocalTopology.Prepare(plan, secrets, log);
    }

    public Topology.Topology Plan { get; }

    public TopologySecrets Secrets { get; }

    /// <summary>Names and ports for a topology on this machine.</summary>
    public static Topology.Topology PlanOf(TopologySettings settings)
    {
        var ports = new Dictionary<ProcessName, int>();
        return Topology.Topology.Create(settings with { Host = "127.0.0.1", HttpPort = 0 }, name =>
        {
            if (!ports.TryGetValue(name, out var port))
                ports.Add(name, port = FreePort(ports.Values));
            return $"127.0.0.1:{port}";
        });
    }

    public async Task StartAsync(params IEnumerable<string> names)
    {
        using var limit = new CancellationTokenSource(_startLimit);
        foreach (var name in names)
            await _group.StartAsync(name, limit.Token);
    }

    public Task KillAsync(string name) => _group.KillAsync(name);

    /// <returns>The exit code.</returns>
    public Task<int> StopAsync(string name) => _group.StopAsync(name);

    Task ITopology.StopAsync(string name) => StopAsync(name);

    /// <summary>SIGSTOP; the process stands still when this completes.</summary>
    public async Task SuspendAsync(string name)
    {
        using var limit = new CancellationTokenSource(_startLimit);
        await _group.SuspendAsync(name, limit.Token);
    }

    /// <summary>SIGCONT.</summary>
    public void Resume(string name) => _group.Resume(name);

    public int ProcessIdOf(string name) => _group[name].ProcessId;

    public IReadOnlyList<string> LogOf(string name) => [.. _log.Lines(name).Select(line => line.Text)];

    public ValueTask DisposeAsync() => _group.DisposeAsync();

    private static int FreePort(ICollection<int> taken)
    {
        while (true)
        {
            var port = Ports.FindFree();
            if (!taken.Contains(port))
                return port;
        }
    }
}
