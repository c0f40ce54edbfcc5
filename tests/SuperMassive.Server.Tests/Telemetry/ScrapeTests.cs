using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace SuperMassive.Server.Tests.Telemetry;

/// <summary>Real processes, looked at the way Prometheus and an orchestrator do.</summary>
public sealed partial class ScrapeTests
{
    [Fact]
    public async Task Metrics_agree_with_what_was_sent_and_ready_follows_the_node()
    {
        using var node = await ServiceProcess.StartNodeAsync();
        using var cluster = await ServiceProcess.StartClusterAsync(node.Address);
        Assert.Equal((200, """{"status":"healthy"}"""), await node.HealthAsync("/health/ready"));
        await Ready(cluster, 200, """{"status":"healthy"}""");

        var replies = await SendAsync(cluster.Address, string.Concat(
            "AUTH user password\r\n",
            string.Concat(Enumerable.Range(0, 100).Select(i => $"PUT key-{i} value\r\n")),
            string.Concat(Enumerable.Range(0, 100).Select(i => $"GET key-{i}\r\n")),
            "GET nothing\r\nDEL key-0\r\nINCR nothing\r\nNONSENSE\r\nQUIT\r\n"));
        Assert.Equal(206, replies.Count(c => c == '\n'));

        var text = await Eventually.Is(cluster.MetricsAsync,
            text => Value(text, "supermassive_command_duration_seconds_count", "verb=\"QUIT\"") == 1,
            "the figures of the last command are published, and with them all of them");
        Assert.Equal(100, Value(text, "supermassive_commands_total", "verb=\"PUT\"", "outcome=\"ok\""));
        Assert.Equal(100, Value(text, "supermassive_commands_total", "verb=\"GET\"", "outcome=\"ok\""));
        Assert.Equal(1, Value(text, "supermassive_commands_total", "verb=\"GET\"", "outcome=\"not_found\""));
        Assert.Equal(1, Value(text, "supermassive_commands_total", "verb=\"DEL\"", "outcome=\"ok\""));
        Assert.Equal(1, Value(text, "supermassive_commands_total", "verb=\"INCR\"", "outcome=\"not_found\""));
        Assert.Equal(1, Value(text, "supermassive_commands_total", "verb=\"unknown\"", "outcome=\"error\""));
        Assert.Equal(100, Value(text, "supermassive_command_duration_seconds_bucket", "verb=\"PUT\"", "le=\"+Inf\""));
        Assert.Equal(1, Value(text, "supermassive_link_up", $"peer=\"{node.Address}\"", "role=\"primary\""));
        Assert.Equal(1, Value(text, "supermassive_primaries_healthy"));
        Assert.Contains("# TYPE supermassive_command_duration_seconds histogram\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE supermassive_commands_total counter\n", text, StringComparison.Ordinal);
        Assert.Contains("# HELP supermassive_commands_total Commands answered, by verb and outcome.\n", text, StringComparison.Ordinal);

        text = await Eventually.Is(node.MetricsAsync, text => Value(text, "supermassive_keys") == 99
            && Value(text, "supermassive_journal_lsn_bytes", "position=\"synced\"")
            == Value(text, "supermassive_journal_lsn_bytes", "position=\"end\""),
            "the node's figures are published");
        Assert.Equal(100, Value(text, "supermassive_commands_total", "verb=\"PUT\"", "outcome=\"ok\""));
        Assert.Equal(1, Value(text, "supermassive_connections"));
        Assert.True(Value(text, "supermassive_memory_usage_bytes") > 0);
        Assert.True(Value(text, "supermassive_memory_limit_bytes") > 0);
        Assert.True(Value(text, "supermassive_journal_sync_duration_seconds_count") > 0);

        node.Kill();
        await Ready(cluster, 503, """{"status":"unhealthy","reason":"no primary node is healthy"}""");
        Assert.Equal((200, """{"status":"healthy"}"""), await cluster.HealthAsync("/health/live"));
        text = await Eventually.Is(cluster.MetricsAsync, text => Value(text, "supermassive_ready") == 0, "the metrics say so too");
        Assert.Equal(0, Value(text, "supermassive_link_up", $"peer=\"{node.Address}\""));
        Assert.All(cluster.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches(LogLine(), line));
    }

    private static Task Ready(ServiceProcess service, int status, string body) =>
        Eventually.Is(() => service.HealthAsync("/health/ready"), reply => reply == (status, body), $"ready answers {status} {body}");

    private static async Task<string> SendAsync(string address, string commands)
    {
        using var client = new TcpClient();
        var colon = address.LastIndexOf(':');
        await client.ConnectAsync(address[..colon], int.Parse(address.AsSpan(colon + 1), CultureInfo.InvariantCulture));
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(commands));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }

    /// <returns>The sample of a metric that has all of <paramref name="labels"/>, or −1.</returns>
    private static double Value(string text, string name, params string[] labels)
    {
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(name + "{", StringComparison.Ordinal)
                && labels.All(label => line.Contains(label, StringComparison.Ordinal)))
                return double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
        }
        return -1;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info |warn |error) \S")]
    private static partial Regex LogLine();
}
