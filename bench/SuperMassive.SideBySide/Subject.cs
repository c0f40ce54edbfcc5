namespace SuperMassive.SideBySide;

/// <summary>One system that is measured: where it listens, how it is spoken to, and the processes it is made of.</summary>
internal sealed class Subject(string id, string title, int port, bool isOurs, IReadOnlyList<RunningProcess> processes) : IDisposable
{
    /// <summary>Everything local; it is no secret.</summary>
    public const string Username = "bench", Password = "bench";

    /// <summary>Its name in results.</summary>
    public string Id => id;

    /// <summary>Its name for people.</summary>
    public string Title => title;

    public int Port => port;

    /// <summary>Ours are spoken to by line and with a login; the others by RESP and without.</summary>
    public bool IsOurs => isOurs;

    /// <summary>A process of it that is gone; null while all run.</summary>
    public RunningProcess? Gone => processes.FirstOrDefault(process => process.HasExited);

    /// <summary>What all of it has taken of the processors since it started.</summary>
    public TimeSpan ProcessorTime => processes.Aggregate(TimeSpan.Zero, (sum, process) => sum + process.ProcessorTime);

    public string Logs => string.Join('\n', processes.Select(process => $"--- {process.Name}\n{process.Log}"));

    public void Dispose()
    {
        foreach (var process in processes)
            process.Dispose();
    }
}
