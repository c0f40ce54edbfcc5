namespace SuperMassive.AppHost.Processes;

/// <summary>How one process of a topology is started.</summary>
/// <param name="Name">Its name in the topology, unique, as it stands before its log lines.</param>
/// <param name="Executable">The full path of the program.</param>
/// <param name="Arguments">Its arguments. Never a secret: every user of the machine can read them.</param>
/// <param name="Directory">Its working directory; created when it is not there.</param>
/// <param name="Environment">What is added to the launcher's environment, secrets included.</param>
/// <param name="Port">The TCP port of this machine on which it accepts once it runs.</param>
public sealed record ServiceStart(
    string Name,
    string Executable,
    IReadOnlyList<string> Arguments,
    string Directory,
    IReadOnlyDictionary<string, string> Environment,
    int Port);
