using Spectre.Console;
using SuperMassive.Cli.Stat;
using SuperMassive.Client.Tests.Support;

namespace SuperMassive.Client.Tests;

public sealed class StatisticsTests
{
    /// <summary>The example of protocol.md, with its first figures and a process that is down.</summary>
    private const string Example = """
        OK
        CLUSTER localhost:4000
            current_sequence 7
            client_connection_count 1
        PRIMARY localhost:4001
        DISK
            sync_enabled true
            sync_interval 128ms
            total_pages 12
            file_size 13312
            modified_time 2024-12-22 08:15:44 -0500 EST
        MEMORY
            load_factor 0.3906
            max_probe_length 3
            used 100
        health up
            keys 98
        REPLICA localhost:4002
        DISK
            total_pages 11
        MEMORY
            load_factor 0.39
        REPLICA localhost:4003 down
        PRIMARY localhost:4004
            down

        """;

    [Fact]
    public void The_example_is_read_process_by_process()
    {
        var statistics = ClusterStatistics.Parse(Example.ReplaceLineEndings("\r\n"));
        Assert.Equal("localhost:4000", statistics.Cluster!.Address);
        Assert.Equal(7, statistics.Cluster.Number("current_sequence"));
        Assert.Equal(["localhost:4001", "localhost:4004"], statistics.Primaries.Select(process => process.Address));
        Assert.Equal(["localhost:4002", "localhost:4003"], statistics.Replicas.Select(process => process.Address));
        var primary = statistics.Primaries.First();
        Assert.Equal("128ms", primary["sync_interval"]);
        Assert.Null(primary.Number("sync_interval"));
        Assert.Equal(0.3906, primary.Number("load_factor"));
        Assert.Equal("2024-12-22 08:15:44 -0500 EST", primary["modified_time"]);
        Assert.Equal(new StatisticsField("DISK", "sync_enabled", "true"), primary.Fields[0]);
        Assert.Equal("up", primary["health"]);
        Assert.Null(primary["unheard_of"]);
        Assert.Equal([false, false, false, true, true], statistics.Processes.Select(process => process.IsDown));
    }

    /// <summary>Sent by a cluster of one primary, with a second replica that was killed; without the section DISK.</summary>
    private const string WithLag = """
        OK
        CLUSTER localhost:24100
            current_sequence 50
            client_connection_count 1
            health ok
            primaries_healthy 1 of 1
            uptime 48s
        PRIMARY localhost:24101
        MEMORY
            load_factor 0.0977
            keys 24
            connection_count 1
            uptime 49s
            health ok
            replication_lag localhost:24103 2560 bytes
            replication_lag localhost:24104 down: connection refused
        REPLICA localhost:24103
        MEMORY
            keys 24
            uptime 50s
            health in sync
            applied_lsn 868
        REPLICA localhost:24104
            down
            reason connection refused

        """;

    [Fact]
    public void A_replicas_lag_is_what_its_primary_says()
    {
        var statistics = ClusterStatistics.Parse(WithLag);
        Assert.Equal(["2560 bytes", "down: connection refused"], statistics.Replicas.Select(replica => replica.ReplicationLag));
        Assert.Null(statistics.Primaries.Single().ReplicationLag);
        Assert.All(ClusterStatistics.Parse(Example).Replicas, replica => Assert.Null(replica.ReplicationLag));
    }

    [Fact]
    public async Task The_table_shows_each_replicas_lag()
    {
        var rows = (await ShowAsync(isRaw: false, WithLag)).Split('\n');
        Assert.Contains(" 2.5 KiB ", rows.Single(row => row.Contains("replica localhost:24103", StringComparison.Ordinal)));
        Assert.Equal(2, rows.Single(row => row.Contains("replica localhost:24104", StringComparison.Ordinal)).Split("down").Length - 1);
    }

    [Fact]
    public void Text_before_any_process_is_refused() =>
        Assert.Contains("line 2", Assert.Throws<FormatException>(() => ClusterStatistics.Parse("OK\r\n    keys 1\r\n")).Message);

    [Fact]
    public async Task The_table_has_a_row_per_process_and_raw_is_as_sent()
    {
        var table = await ShowAsync(isRaw: false);
        Assert.Contains("cluster localhost:4000", table);
        Assert.Contains("primary localhost:4001", table);
        Assert.Contains("replica localhost:4002", table);
        Assert.Contains("13 KiB", table);
        Assert.Equal(2, table.Split("down").Length - 1);
        Assert.Equal(Example.TrimEnd(), (await ShowAsync(isRaw: true)).TrimEnd());
    }

    private static async Task<string> ShowAsync(bool isRaw, string statistics = Example)
    {
        var written = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(written) });
        console.Profile.Width = 160;
        await using var peer = new TestPeer();
        var showing = new StatView(console, written, peer.OptionsWithCredentials, isRaw).RunAsync(null, default);
        var connection = await peer.AcceptAuthenticatedAsync();
        Assert.Equal(["STAT"], await connection.ReadCommandAsync());
        await connection.SendAsync($"${statistics.Length}\r\n{statistics}\r\n");
        await showing.Soon();
        return written.ToString();
    }
}
