using static SuperMassive.SystemTests.Support.RawConnection;

namespace SuperMassive.SystemTests;

/// <summary>The tables of docs/protocol: what is sent, and byte for byte what comes back.</summary>
public sealed class PublishedExampleTests(SharedTopology shared, ITestOutputHelper output) : SharedTopologyTest(shared, output)
{
    private static readonly (string Command, string Reply)[] LineExamples =
    [
        ("PING\r\n", "OK PONG\r\n"),
        ("PUT line1 hello world\r\n", "OK key-value written\r\n"),
        ("GET line1\r\n", "line1 hello world\r\n"),
        ("get line1\r\n", "line1 hello world\r\n"),
        ("PUT line1 again\r\n", "OK key-value written\r\n"),
        ("GET line1\r\n", "line1 again\r\n"),
        ("DEL line1\r\n", "OK key-value deleted\r\n"),
        ("DEL line1\r\n", "ERR key-value not found\r\n"),
        ("GET line1\r\n", "ERR key-value not found\r\n"),
        ("PUT line1 100\r\n", "OK key-value written\r\n"),
        ("INCR line1\r\n", "line1 101\r\n"),
        ("INCR line1 10\r\n", "line1 111\r\n"),
        ("DECR line1\r\n", "line1 110\r\n"),
        ("DECR line1 -5\r\n", "line1 115\r\n"),
        ("INCR line1 1.5\r\n", "line1 116.5\r\n"),
        ("INCR line1 1.1\r\n", "line1 117.6\r\n"),
        ("PUT line2 9223372036854775807\r\n", "OK key-value written\r\n"),
        ("INCR line2\r\n", "ERR number out of range\r\n"),
        ("INCR line2 x\r\n", "ERR value is not a number\r\n"),
        ("PUT line2 word\r\n", "OK key-value written\r\n"),
        ("INCR line2\r\n", "ERR value is not a number\r\n"),
        ("INCR line3\r\n", "ERR key-value not found\r\n"),
        ("REGX ^line\r\n", "OK line1 117.6\r\nline2 word\r\n\r\n"),
        ("REGX ^line 1 5\r\n", "OK line2 word\r\n\r\n"),
        ("REGX ^line 0 1\r\n", "OK line1 117.6\r\n\r\n"),
        ("REGX ^nothing$\r\n", "ERR no keys found\r\n"),
        ("RCNF\r\n", "OK configs reloaded\r\n"),
        ("WHAT line1\r\n", "ERR unknown command\r\n"),
        ("PUT line1\r\n", "ERR wrong number of arguments for PUT\r\n"),
        ("GET\r\n", "ERR wrong number of arguments for GET\r\n"),
    ];

    private static readonly (string Command, string Reply)[] RespExamples =
    [
        (Resp("PING"), "+PONG\r\n"),
        (Resp("PUT", "resp1", "hello world"), "+OK key-value written\r\n"),
        (Resp("GET", "resp1"), "$11\r\nhello world\r\n"),
        (Resp("SET", "resp1", "again"), "+OK\r\n"),
        (Resp("get", "resp1"), "$5\r\nagain\r\n"),
        (Resp("DEL", "resp1"), ":1\r\n"),
        (Resp("DEL", "resp1"), ":0\r\n"),
        (Resp("GET", "resp1"), "$-1\r\n"),
        (Resp("PUT", "resp1", "100"), "+OK key-value written\r\n"),
        (Resp("INCR", "resp1"), ":101\r\n"),
        (Resp("INCRBY", "resp1", "10"), ":111\r\n"),
        (Resp("DECR", "resp1"), ":110\r\n"),
        (Resp("DECR", "resp1", "0.5"), "$5\r\n109.5\r\n"),
        (Resp("PUT", "resp2", "word"), "+OK key-value written\r\n"),
        (Resp("INCR", "resp2"), "-ERR value is not a number\r\n"),
        (Resp("INCR", "resp3"), "-ERR key-value not found\r\n"),
        (Resp("REGX", "^resp"), "*4\r\n$5\r\nresp1\r\n$5\r\n109.5\r\n$5\r\nresp2\r\n$4\r\nword\r\n"),
        (Resp("RCNF"), "+OK configs reloaded\r\n"),
        (Resp("WHAT"), "-ERR unknown command\r\n"),
        (Resp("PUT", "resp1"), "-ERR wrong number of arguments for PUT\r\n"),
    ];

    [Fact]
    public async Task Line_framing_one_by_one()
    {
        await using var connection = await AuthenticatedAsync(Topology);
        foreach (var (command, reply) in LineExamples)
            await connection.AskAsync(command, reply);
        await AskToQuitAsync(connection, "QUIT\r\n", "OK see ya later\r\n");
    }

    [Fact]
    public async Task Resp_framing_one_by_one()
    {
        await using var connection = await AuthenticatedAsync(Topology);
        foreach (var (command, reply) in RespExamples)
            await connection.AskAsync(command, reply);
        await AskToQuitAsync(connection, Resp("QUIT"), "+OK see ya later\r\n");
    }

    [Fact]
    public async Task Both_framings_in_one_pipeline()
    {
        await using var connection = await AuthenticatedAsync(Topology);
        (string Command, string Reply)[] all = [.. LineExamples, .. RespExamples];
        await connection.AskAsync(string.Concat(all.Select(one => one.Command)), string.Concat(all.Select(one => one.Reply)));
        await connection.ExpectNothingMoreAsync();
    }

    [Fact]
    public async Task Both_framings_one_byte_at_a_time()
    {
        await using var connection = await OpenAsync(Topology);
        (string Command, string Reply)[] all =
            [(Auth(Topology.Secrets.Username, Topology.Secrets.Password), "OK authenticated\r\n"), .. LineExamples, .. RespExamples];
        foreach (var one in string.Concat(all.Select(one => one.Command)))
            await connection.SendAsync(one.ToString());
        await connection.ExpectAsync(string.Concat(all.Select(one => one.Reply)));
        await connection.ExpectNothingMoreAsync();
    }

    [Fact]
    public async Task Before_authentication()
    {
        await using var connection = await OpenAsync(Topology);
        await connection.AskAsync("PING\r\n", "OK PONG\r\n");
        foreach (var command in new[] { "PUT a b", "GET a", "DEL a", "INCR a", "DECR a", "REGX a", "STAT", "RCNF" })
            await connection.AskAsync($"{command}\r\n", "ERR not authenticated\r\n");
        await connection.AskAsync(Resp("GET", "a"), "-ERR not authenticated\r\n");
        await connection.AskAsync(Auth(Topology.Secrets.Username, "wrong"), "ERR invalid credentials\r\n");
        await connection.AskAsync("AUTH !!!\r\n", "ERR invalid credentials\r\n");
        await connection.AskAsync("GET a\r\n", "ERR not authenticated\r\n");
        await connection.AskAsync(Auth(Topology.Secrets.Username, Topology.Secrets.Password), "OK authenticated\r\n");
        await connection.AskAsync(Auth(Topology.Secrets.Username, Topology.Secrets.Password), "ERR already authenticated\r\n");
        await connection.AskAsync(Auth("x", "y"), "ERR already authenticated\r\n");
        await connection.AskAsync("GET nothing\r\n", "ERR key-value not found\r\n");
    }

    [Fact]
    public async Task Quitting_needs_no_authentication()
    {
        await using var connection = await OpenAsync(Topology);
        await AskToQuitAsync(connection, "QUIT\r\n", "OK see ya later\r\n");
    }

    [Fact]
    public async Task Credentials_by_line_and_by_resp()
    {
        var (username, password) = (Topology.Secrets.Username, Topology.Secrets.Password);
        var base64 = Auth(username, password)["AUTH ".Length..].TrimEnd();
        foreach (var (command, reply) in new[]
        {
            (Auth(username, password, "\\0"), "OK authenticated\r\n"),
            (Auth(username, password, "\0"), "OK authenticated\r\n"),
            (Resp("AUTH", base64), "+OK authenticated\r\n"),
            (Resp("AUTH", username, password), "+OK authenticated\r\n"),
            (Resp("AUTH", username, "wrong"), "-ERR invalid credentials\r\n"),
            (Resp("AUTH", "wrong", password), "-ERR invalid credentials\r\n"),
            (Auth(username, password, ""), "ERR invalid credentials\r\n"),
            (Auth(password, username), "ERR invalid credentials\r\n"),
        })
        {
            await using var connection = await OpenAsync(Topology);
            await connection.AskAsync(command, reply);
            await connection.ExpectNothingMoreAsync();
        }
    }

    [Fact]
    public async Task Statistics_name_every_process_and_every_published_field_in_order()
    {
        await using var connection = await AuthenticatedAsync(Topology);
        await connection.SendAsync("STAT\r\n");
        Assert.Equal("OK", await connection.ReadLineAsync());
        var lines = await connection.ReadLinesAsync();
        await connection.ExpectNothingMoreAsync();

        string[] headers = [.. lines.Where(line => line.Contains(':') && !line.StartsWith(' '))];
        Assert.Equal(
            [
                $"CLUSTER {Topology.Plan.Cluster.Address}",
                .. Topology.Plan.Nodes.SelectMany(node => node.Replicas
                    .Select(replica => $"REPLICA {replica.Address}").Prepend($"PRIMARY {node.Address}")),
            ],
            headers);

        var cluster = lines.Skip(1).Take(2).ToArray();
        Assert.Matches("^    current_sequence [0-9]+$", cluster[0]);
        Assert.Matches("^    client_connection_count [1-9][0-9]*$", cluster[1]);
        foreach (var header in headers[1..])
            AssertPublishedFields(lines[(lines.IndexOf(header) + 1)..]);
    }

    private static void AssertPublishedFields(List<string> lines)
    {
        Assert.Equal("DISK", lines[0]);
        Assert.All(DiskFields.Zip(lines.Skip(1)), pair => Assert.Matches($"^    {pair.First}$", pair.Second));
        var memory = lines.IndexOf("MEMORY");
        Assert.True(memory > DiskFields.Length);
        Assert.All(MemoryFields.Zip(lines.Skip(memory + 1)), pair => Assert.Matches($"^    {pair.First}$", pair.Second));
    }

    private static readonly string[] DiskFields =
    [
        "sync_enabled (true|false)", "sync_interval 128ms", @"avg_page_size \d+\.\d\d", @"file_mode \S+", "is_closed false",
        @"last_page -?\d+", "storage_efficiency 0.9846", @"file_name \S+", "page_size 1024", @"total_pages \d+", @"total_header_size \d+",
        @"total_data_size \d+", @"page_utilization \d\.\d{4}", "header_overhead_ratio 0.0154", @"file_size \d+", @"modified_time \S+.*",
    ];

    private static readonly string[] MemoryFields =
    [
        @"load_factor \d\.\d{4}", @"grow_threshold \d\.\d{4}", @"max_probe_length \d+", @"empty_buckets \d+", @"utilization \d\.\d{4}",
        "needs_grow (true|false)", "needs_shrink (true|false)", @"size \d+", @"used \d+", @"shrink_threshold \d\.\d{4}",
        @"avg_probe_length \d+\.\d{4}", @"empty_bucket_ratio \d\.\d{4}",
    ];

    private static async Task AskToQuitAsync(RawConnection connection, string command, string reply)
    {
        await connection.SendAsync(command);
        Assert.Equal(reply, await connection.ReadToEndAsync());
    }
}
