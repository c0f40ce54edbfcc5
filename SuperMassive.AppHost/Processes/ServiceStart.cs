namespace SuperMassive.AppHost.Processes;

/// <summary>How one process of a topology is started.</summary>
public sealed record ServiceStart
{
    /// <summary>Its name in the topology, unique, as it stands before its log lines.</summary>
    public required string Name { get; init; }

    /// <summary>The full path of the program.</summary>
    public required string Executable { get; init; }

    /// <summary>Its arguments. Never a secret: every user of the machine can read them.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Its working directory; created when it is not there.</summary>
    public required string Directory { get; init; }

    /// <summary>What is added to the launcher's environment, secrets included.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The name or IP address on which it listens.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>The TCP port on which it accepts once it runs.</summary>
    public required int Port { get; init; }

    /// <summary>The port of its health checks and metrics; null: none.</summary>
    public int? HttpPort { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} on {Host}:{Port}"; // the environment has secrets
}
