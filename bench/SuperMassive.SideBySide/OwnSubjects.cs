using System.Diagnostics;
using SuperMassive.Server.Configuration;
using SuperMassive.Topology;

namespace SuperMassive.SideBySide;

/// <summary>This project's ways of running, without replicas and with <c>journal-mode: written</c>.</summary>
internal static class OwnSubjects
{
    private const int Nodes = 2;

    public static async Task<Subject> ClusterAsync(string folder, Ports ports, CancellationToken cancel)
    {
        var settings = SettingsOf(folder);
        Dictionary<ProcessName, int> given = [];
        var topology = Topology.Topology.Create(settings, name =>
        {
            if (!given.TryGetValue(name, out var port))
                given.Add(name, port = ports.Next());
            return $"127.0.0.1:{port}";
        });
        TopologyWriter.Write(topology);
        var secrets = TopologySecrets.LoadOrCreate(folder, settings);
        List<RunningProcess> processes = [];
        try
        {
            // nodes first: the cluster then finds what it asks for
            foreach (var process in topology.Processes.Reverse())
                processes.Add(await StartAsync(process, secrets, cancel).ConfigureAwait(false));
            return new Subject("cluster", "SuperMassive cluster + 2 nodes", topology.Cluster.Port, isOurs: true, processes);
        }
        catch
        {
            processes.ForEach(process => process.Dispose());
            throw;
        }
    }

    public static Task<Subject> UpAsync(string folder, Ports ports, CancellationToken cancel) =>
        UpAsync("up", "supermassive up", Nodes, folder, ports, cancel);

    /// <param name="id">Its name in results; <paramref name="title"/> is that for people.</param>
    public static async Task<Subject> UpAsync(
        string id, string title, int nodes, string folder, Ports ports, CancellationToken cancel)
    {
        var port = ports.Next();
        var start = new ProcessStartInfo(Built.Dotnet,
        [
            Built.Find("supermassive"), "up", "--nodes", $"{nodes}", "--replicas", "0", "--host", "127.0.0.1", "--port", $"{port}",
            "--http-port", "0", "--data", folder, "--username", Subject.Username, "--password", Subject.Password,
            "--journal-mode", "written",
        ]);
        var process = await RunningProcess.StartAsync("supermassive up", start, port, "SuperMassive is up", cancel).ConfigureAwait(false);
        return new Subject(id, title, port, isOurs: true, [process]);
    }

    private static Task<RunningProcess> StartAsync(TopologyProcess process, TopologySecrets secrets, CancellationToken cancel)
    {
        var isCluster = process.Kind == ServiceKind.Cluster;
        var start = new ProcessStartInfo(Built.Dotnet, [Built.Find($"SuperMassive.{process.Kind}"), .. process.Arguments])
        {
            WorkingDirectory = process.Directory,
        };
        foreach (var (key, value) in process.Environment(secrets))
            start.Environment[key] = value;
        return RunningProcess.StartAsync(
            process.Name.ToString(), start, process.Port, isCluster ? $"{Nodes} of {Nodes} primaries are healthy" : null, cancel);
    }

    private static TopologySettings SettingsOf(string folder) => new()
    {
        Nodes = Nodes,
        Replicas = 0,
        Host = "127.0.0.1",
        HttpPort = 0,
        DataDirectory = folder,
        Username = Subject.Username,
        Password = Subject.Password,
    };
}
