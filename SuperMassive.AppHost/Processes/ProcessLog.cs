namespace SuperMassive.AppHost.Processes;

/// <summary>Where a log line came from.</summary>
public enum LogStream
{
    /// <summary>The process's standard output.</summary>
    Output,

    /// <summary>The process's standard error.</summary>
    Error,

    /// <summary>What the launcher says about the process.</summary>
    Launcher,
}

/// <summary>One line a process wrote.</summary>
public readonly record struct ProcessLine(string Process, string Text, LogStream Stream);

/// <summary>The log lines of all processes of a group, in the order in which they arrived; safe for concurrent use.</summary>
/// <param name="capacity">How many lines are kept; the oldest go first.</param>
public sealed class ProcessLog(int capacity = 10_000)
{
    private readonly Lock _gate = new();
    private readonly Queue<ProcessLine> _lines = new();
    private TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Raised for every line, one at a time.</summary>
    public event Action<ProcessLine>? Written;

    /// <summary>The lines kept, of one process or of all.</summary>
    public IReadOnlyList<ProcessLine> Lines(string? process = null)
    {
        lock (_gate) return [.. _lines.Where(line => process is null || line.Process == process)];
    }

    /// <summary>Adds a line.</summary>
    public void Write(string process, string text, LogStream stream)
    {
        var line = new ProcessLine(process, text, stream);
        lock (_gate)
        {
            if (_lines.Count == capacity) _lines.Dequeue();
            _lines.Enqueue(line);
            Written?.Invoke(line);
            _written.TrySetResult();
        }
    }

    /// <summary>Waits for a line of a process, written already or still to come, that contains <paramref name="text"/>.</summary>
    public async Task<ProcessLine> WaitForAsync(string process, string text, CancellationToken cancellation)
    {
        while (true)
        {
            Task written;
            lock (_gate)
            {
                foreach (var line in _lines)
                {
                    if (line.Process == process && line.Text.Contains(text, StringComparison.Ordinal)) return line;
                }

                if (_written.Task.IsCompleted) _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
                written = _written.Task;
            }

            await written.WaitAsync(cancellation);
        }
    }
}
