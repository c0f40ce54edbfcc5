using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using SuperMassive.Client;

namespace SuperMassive.Cli.Stat;

/// <summary>One row per process with the figures an operator looks at first; <c>--raw</c> has the rest.</summary>
internal static class StatTable
{
    private const string Missing = "–";

    public static IRenderable Of(ClusterStatistics statistics)
    {
        var table = new Table().SimpleBorder().Title(Title(statistics.Cluster));
        table.AddColumn(Narrow("process"));
        table.AddColumn(Narrow("health"));
        foreach (var name in new[] { "keys", "memory", "load", "pages", "file", "lag", "uptime" })
            table.AddColumn(Narrow(name).RightAligned());
        foreach (var process in statistics.Processes)
        {
            if (process.Role != ProcessRole.Cluster)
                table.AddRow(Row(process));
        }
        return table;
    }

    /// <summary>So that a row fits 80 cells.</summary>
    private static TableColumn Narrow(string name) => new TableColumn(name).NoWrap().Padding(0, 0, 0, 0);

    private static TableTitle Title(ProcessStatistics? cluster) => new(cluster is null
        ? "no cluster in the answer"
        : Markup.Escape($"cluster {cluster.Address}   sequence {cluster["current_sequence"] ?? Missing}   "
            + $"clients {cluster["client_connection_count"] ?? Missing}"));

    private static IRenderable[] Row(ProcessStatistics process)
    {
        var isReplica = process.Role == ProcessRole.Replica;
        return
        [
            new Text($"{(isReplica ? "  replica" : "primary")} {process.Address}"),
            Health(process),
            .. new[]
            {
                process["keys"] ?? process["used"],
                Bytes(process, "bytes"),
                process["load_factor"],
                process["total_pages"],
                Bytes(process, "file_size"),
                isReplica ? Lag(process) : "",
                process["uptime"],
            }.Select(value => new Text(value ?? Missing)),
        ];
    }

    private static Text Health(ProcessStatistics process)
    {
        var health = process.IsDown ? "down" : process["health"] ?? "up";
        return new Text(health, new Style(process.IsDown ? Color.Red : health is "up" or "ok" or "healthy" ? Color.Green : Color.Yellow));
    }

    /// <summary>Why a replica is down is too long for a column.</summary>
    private static string? Lag(ProcessStatistics replica)
    {
        const string unit = " bytes";
        if (replica.ReplicationLag is not { } lag)
            return null;
        if (lag.StartsWith("down", StringComparison.Ordinal))
            return "down";
        return lag.EndsWith(unit, StringComparison.Ordinal)
            && double.TryParse(lag.AsSpan(0, lag.Length - unit.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var bytes)
            ? Bytes(bytes)
            : lag;
    }

    /// <summary>A plain number of bytes with a unit fit for reading; what has a unit already is left as it is.</summary>
    internal static string? Bytes(ProcessStatistics process, string name) =>
        process.Number(name) is { } bytes ? Bytes(bytes) : process[name];

    private static string Bytes(double bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        var unit = 0;
        while (bytes >= 1_024 && unit < units.Length - 1)
        {
            bytes /= 1_024;
            unit++;
        }
        return string.Create(CultureInfo.InvariantCulture, $"{bytes:0.#} {units[unit]}");
    }
}
