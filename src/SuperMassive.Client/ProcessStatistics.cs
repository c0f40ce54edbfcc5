using System.Globalization;

namespace SuperMassive.Client;

/// <summary>What a process is to its cluster.</summary>
public enum ProcessRole
{
    /// <summary>The coordinator that clients talk to.</summary>
    Cluster,

    /// <summary>Holds a shard of the data.</summary>
    Primary,

    /// <summary>Holds a copy of one primary's data.</summary>
    Replica,
}

/// <summary>One figure of one process. The section, such as <c>MEMORY</c>, is empty right under the process's header.</summary>
public readonly record struct StatisticsField(string Section, string Name, string Value);

/// <summary>The figures of one process.</summary>
public sealed class ProcessStatistics
{
    private readonly List<StatisticsField> _fields = [];

    private ProcessStatistics(ProcessRole role, string address, bool isDown) => (Role, Address, IsDown) = (role, address, isDown);

    /// <summary>The word its section begins with.</summary>
    public ProcessRole Role { get; }

    /// <summary><c>host:port</c>, as the cluster names it.</summary>
    public string Address { get; }

    /// <summary>The cluster could not reach it; there are no figures then.</summary>
    public bool IsDown { get; internal set; }

    /// <summary>
    /// Of a replica, what its primary has written and it has not applied: <c>0 bytes</c>, or <c>down: why</c>. Null when its primary
    /// does not say, as while that is down, and of other processes.
    /// </summary>
    public string? ReplicationLag { get; internal set; }

    /// <summary>All figures, in the order sent.</summary>
    public IReadOnlyList<StatisticsField> Fields => _fields;

    /// <summary>The first field of that name in any section, or null.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var field in _fields)
            {
                if (field.Name == name)
                    return field.Value;
            }
            return null;
        }
    }

    /// <summary>The field as a number, or null when it is missing or has a unit.</summary>
    public double? Number(string name) =>
        double.TryParse(this[name], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Null when the line begins no process: <c>PRIMARY localhost:4001</c>, or with <c>down</c> after it.</summary>
    internal static ProcessStatistics? TryParseHeader(ReadOnlySpan<char> line)
    {
        var space = line.IndexOf(' ');
        if (space < 0)
            return null;
        ProcessRole role;
        switch (line[..space])
        {
            case "CLUSTER": role = ProcessRole.Cluster; break;
            case "PRIMARY": role = ProcessRole.Primary; break;
            case "REPLICA": role = ProcessRole.Replica; break;
            default: return null;
        }
        var address = line[(space + 1)..].Trim();
        var isDown = address.EndsWith(" down");
        return new ProcessStatistics(role, (isDown ? address[..^" down".Length].TrimEnd() : address).ToString(), isDown);
    }

    /// <summary>
    /// What this primary says of the lag of the replica at <paramref name="address"/>: <c>replication_lag ADDRESS LAG</c>.
    /// </summary>
    internal string? LagOf(string address)
    {
        foreach (var field in _fields)
        {
            if (field.Name == "replication_lag" && field.Value.StartsWith(address, StringComparison.Ordinal)
                && field.Value.AsSpan(address.Length) is [' ', .. var lag])
            {
                return lag.ToString();
            }
        }
        return null;
    }

    internal void AddField(string section, ReadOnlySpan<char> line)
    {
        var space = line.IndexOf(' ');
        var name = space < 0 ? line : line[..space];
        var value = space < 0 ? [] : line[(space + 1)..].Trim();
        _fields.Add(new StatisticsField(section, name.ToString(), value.ToString()));
        if (name is "health" && value is "down")
            IsDown = true;
    }
}
