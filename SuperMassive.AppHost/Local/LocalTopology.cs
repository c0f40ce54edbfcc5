using SuperMassive.AppHost.Processes;
using SuperMassive.Server.Configuration;
using SuperMassive.Topology;

namespace SuperMassive.AppHost.Local;

/// <summary>A topology as processes of this machine.</summary>
public static class LocalTopology
{
    /// <summary>
    /// Writes the topology's configuration files and returns its processes, none of them started: replicas before the nodes that feed
    /// them, nodes before the cluster that asks them.
    /// </summary>
    /// <param name="topology">What to run.</param>
    /// <param name="secrets">Given to the processes by their environment.</param>
    /// <param name="log">Where their output goes.</param>
    /// <param name="executableOf">The program of each kind of process; null: those built with this assembly.</param>
    /// <exception cref="StartException">A program is not there.</exception>
    public static ProcessGroup Prepare(
        Topology.Topology topology, TopologySecrets secrets, ProcessLog log, Func<ServiceKind, string>? executableOf = null)
    {
        executableOf ??= ServiceExecutables.PathOf;
        IEnumerable<ServiceStart> Stage(ServiceKind kind) =>
            topology.Processes.Where(process => process.Kind == kind).Select(process => StartOf(topology, process, secrets, executableOf));

        var group = new ProcessGroup([Stage(ServiceKind.Replica), Stage(ServiceKind.Node), Stage(ServiceKind.Cluster)], log);
        TopologyWriter.Write(topology);
        return group;
    }

    private static ServiceStart StartOf(
        Topology.Topology topology, TopologyProcess process, TopologySecrets secrets, Func<ServiceKind, string> executableOf) => new()
        {
            Name = process.Name,
            Executable = executableOf(process.Kind),
            Arguments = process.Arguments,
            Directory = process.Directory,
            Environment = process.Environment(secrets).Concat(DotnetRoot.Environment).ToDictionary(),
            Host = topology.Settings.Host,
            Port = process.Port,
            HttpPort = process.HttpPort,
        };
}
