using SuperMassive.Topology;

namespace SuperMassive.SystemTests.Support;

/// <summary>The processes under test, by name, whoever hosts them: what every test here is written against.</summary>
public interface ITopology : IAsyncDisposable
{
    /// <summary>Names, addresses and folders.</summary>
    Topology.Topology Plan { get; }

    TopologySecrets Secrets { get; }

    /// <summary>Starts processes one after the other and returns when all accept connections.</summary>
    Task StartAsync(params IEnumerable<string> names);

    /// <summary>SIGKILL.</summary>
    Task KillAsync(string name);

    /// <summary>SIGTERM; killed when that does not help.</summary>
    Task StopAsync(string name);

    /// <summary>What a process has written so far, line by line, over all its runs.</summary>
    IReadOnlyList<string> LogOf(string name);
}
