namespace SuperMassive.Client;

/// <summary>What STAT says, process by process, in the order it was sent.</summary>
public sealed class ClusterStatistics
{
    private ClusterStatistics(IReadOnlyList<ProcessStatistics> processes)
    {
        Processes = processes;
        ProcessStatistics? primary = null;
        foreach (var process in processes)
        {
            if (process.Role == ProcessRole.Primary)
                primary = process;
            else if (process.Role == ProcessRole.Replica)
                process.ReplicationLag = primary?.LagOf(process.Address);
        }
    }

    /// <summary>The cluster first, then each primary followed by its replicas.</summary>
    public IReadOnlyList<ProcessStatistics> Processes { get; }

    /// <summary>The coordinator itself; null when the text has no such section.</summary>
    public ProcessStatistics? Cluster => Processes.FirstOrDefault(process => process.Role == ProcessRole.Cluster);

    /// <summary>The processes that take writes.</summary>
    public IEnumerable<ProcessStatistics> Primaries => Processes.Where(process => process.Role == ProcessRole.Primary);

    /// <summary>The read replicas of all primaries.</summary>
    public IEnumerable<ProcessStatistics> Replicas => Processes.Where(process => process.Role == ProcessRole.Replica);

    /// <summary>Reads the text of STAT, with or without its leading <c>OK</c>. Fields it does not know are kept by name.</summary>
    /// <exception cref="FormatException">A line stands where it cannot; the message names its number and text.</exception>
    public static ClusterStatistics Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var processes = new List<ProcessStatistics>();
        ProcessStatistics? process = null;
        var section = "";
        var lineNumber = 0;
        foreach (var rawLine in text.AsSpan().EnumerateLines())
        {
            lineNumber++;
            var line = rawLine.Trim();
            if (line.IsEmpty || (lineNumber == 1 && line is "OK"))
                continue;
            var isIndented = char.IsWhiteSpace(rawLine[0]);
            if (!isIndented && ProcessStatistics.TryParseHeader(line) is { } next)
            {
                processes.Add(process = next);
                section = "";
            }
            else if (process is null)
            {
                throw new FormatException($"STAT line {lineNumber}: '{line}' stands before any process");
            }
            else if (line is "down")
            {
                process.IsDown = true;
            }
            else if (isIndented || line.Contains(' '))
            {
                process.AddField(isIndented ? section : "", line);
            }
            else
            {
                section = line.ToString();
            }
        }
        return new ClusterStatistics(processes);
    }
}
