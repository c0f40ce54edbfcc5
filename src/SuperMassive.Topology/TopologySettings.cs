using System.Text;
using SuperMassive.Core.Cluster;
using SuperMassive.Core.Node;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Topology;

/// <summary>All that a topology is made of. Two equal ones make equal topologies.</summary>
public sealed record TopologySettings
{
    public const int MaxNodes = 256;

    public const int MaxReplicas = 16;

    /// <summary>How far behind the first port the HTTP ports begin when <see cref="HttpPort"/> does not say.</summary>
    public const int HttpPortDistance = 1_000;

    public int Nodes { get; init; } = 2;

    /// <summary>Of each node.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>What the processes are reached under: a name, or an IP address without brackets.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>What they listen on where that is another address, as <c>0.0.0.0</c> in a container; null: <see cref="Host"/>.</summary>
    public string? ListenHost { get; init; }

    /// <summary>The cluster's; then come the nodes', then node by node their replicas'.</summary>
    public int Port { get; init; } = 4_000;

    /// <summary>The first of the HTTP ports, in the same order; null: <see cref="Port"/> + 1000; 0: no HTTP.</summary>
    public int? HttpPort { get; init; }

    /// <summary>Each process has a folder of its own name in it.</summary>
    public string DataDirectory { get; init; } = "data";

    /// <summary>Null: generated, as the other secrets are.</summary>
    public string? Username { get; init; }

    public string? Password { get; init; }

    public string? SharedKey { get; init; }

    /// <summary>Percent of the memory each process may use, and each of them counts by itself.</summary>
    public int MaxMemoryThreshold { get; init; } = 75;

    public ReadMode ReadMode { get; init; } = ReadMode.Consistent;

    public JournalMode JournalMode { get; init; } = JournalMode.Written;

    /// <summary>How many replicas must have applied a write before it is answered.</summary>
    public int ReplicaAcks { get; init; }

    public int ProcessCount => 1 + Nodes + Nodes * Replicas;

    /// <summary>The first HTTP port, or 0 for none.</summary>
    public int FirstHttpPort => HttpPort ?? Port + HttpPortDistance;

    /// <returns>Everything that is wrong, one line each; empty when a topology can be made of this.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> problems = [];
        Require(Nodes is >= 1 and <= MaxNodes, $"nodes: {Nodes} is out of range; expected 1 to {MaxNodes}");
        Require(Replicas is >= 0 and <= MaxReplicas, $"replicas: {Replicas} is out of range; expected 0 to {MaxReplicas}");
        Require(ReplicaAcks >= 0 && ReplicaAcks <= Replicas,
            $"replica-acks: {ReplicaAcks} is out of range; expected 0 to the number of replicas, {Replicas}");
        Require(MaxMemoryThreshold is >= 1 and <= 100, $"max-memory-threshold: {MaxMemoryThreshold} is out of range; expected 1 to 100");
        Require(DataDirectory.Length > 0, "data: is empty; expected a folder");
        Require(IsHost(Host), $"host: \"{Host}\" is not a host; expected a name, or an IP address without brackets");
        Require(ListenHost is null || IsHost(ListenHost),
            $"listen-host: \"{ListenHost}\" is not a host; expected a name, or an IP address without brackets");
        Require(SharedKey is null || SharedKey.Length >= ServiceArguments.MinSharedKeyCharacters,
            $"shared-key: is too short; expected at least {ServiceArguments.MinSharedKeyCharacters} characters");
        Require(Username is not "", "username: is empty; expected a name");
        Require(Password is not "", "password: is empty; expected a password");
        if (problems.Count == 0)
            RequirePorts();
        return problems;

        void RequirePorts()
        {
            var last = 65_536 - ProcessCount;
            Require(Port >= 1 && Port <= last, $"port: {Port} is out of range; expected 1 to {last}, for {ProcessCount} processes");
            if (FirstHttpPort == 0)
                return;
            Require(FirstHttpPort >= 1 && FirstHttpPort <= last,
                $"http-port: {FirstHttpPort} is out of range; expected 0 for none, or 1 to {last}, for {ProcessCount} processes");
            Require(Math.Abs(FirstHttpPort - (long)Port) >= ProcessCount,
                $"http-port: {FirstHttpPort} is too near port {Port}; expected a distance of at least {ProcessCount}, the processes");
        }

        void Require(bool isTrue, string problem)
        {
            if (!isTrue)
                problems.Add(problem);
        }
    }

    private static bool IsHost(string host) => HostPort.TryParse(new HostPort(host, 1).ToString(), out _);

    private bool PrintMembers(StringBuilder text)
    {
        text.Append("Nodes = ").Append(Nodes).Append(", Replicas = ").Append(Replicas).Append(", Host = ").Append(Host)
            .Append(", Port = ").Append(Port).Append(", DataDirectory = ").Append(DataDirectory);
        return true;
    }
}
