using SuperMassive.Core.Protocol;
using static SuperMassive.Core.Tests.Protocol.Reading;

namespace SuperMassive.Core.Tests.Protocol;

public sealed class CommandReaderLimitTests
{
    private static readonly Limits Default = new();

    private static string X(int count) => new('x', count);

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_line_has_a_limit(int beyond, bool fits)
    {
        var key = X(Default.LineBytes - "GET ".Length + beyond);
        Assert.Equal([fits ? $"Line Get [{key}]" : "Line Get ERR line over the limit of 65536 bytes", "Line Ping"],
            All($"GET {key}\r\nPING\r\n"));
        var unknown = X(Default.LineBytes + beyond);
        Assert.Equal([fits ? "Line None ERR unknown command" : "Line None ERR line over the limit of 65536 bytes", "Line Ping"],
            All($"{unknown}\r\nPING\r\n"));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_value_by_line_has_its_own_limit(int beyond, bool fits)
    {
        var value = X(Default.LineValueBytes + beyond);
        Assert.Equal(
            [fits ? $"Line Put [k] [{value}]" : "Line Put ERR value by line over the limit of 1048576 bytes", "Line Ping"],
            All($"PUT k {value}\r\nPING\r\n"));
        Assert.Equal([$"Line Put [{X(65532)}] [{X(1 << 20)}]"], All($"PUT {X(65532)} {X(1 << 20)}\r\n"));
        Assert.Equal(["Line Put ERR line over the limit of 65536 bytes"], All($"PUT {X(65533)} {X(1 << 20)}\r\n"));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Bulks_have_the_limit_of_what_they_are(int beyond, bool fits)
    {
        Assert.Equal([fits ? $"Resp Get [{X(65536 + beyond)}]" : "Resp Get ERR key over the limit of 65536 bytes", "Line Ping"],
            All(Resp("GET", X(65536 + beyond)) + "PING\r\n"));
        Assert.Equal([fits ? $"Resp Regx [{X(1024 + beyond)}]" : "Resp Regx ERR pattern over the limit of 1024 bytes", "Line Ping"],
            All(Resp("REGX", X(1024 + beyond)) + "PING\r\n"));
        Assert.Equal([fits ? $"Resp Incr [k] [{X(65536 + beyond)}]" : "Resp Incr ERR argument over the limit of 65536 bytes", "Line Ping"],
            All(Resp("INCR", "k", X(65536 + beyond)) + "PING\r\n"));
        Assert.Equal([fits ? $"Resp Put [k] [{X(90 + beyond)}]" : "Resp Put ERR value over the limit of 90 bytes", "Line Ping"],
            All(Resp("PUT", "k", X(90 + beyond)) + "PING\r\n", limits: Small));
        Assert.Equal([fits ? $"Resp Put [k] [{X(90 + beyond)}] [7]" : "Resp Put ERR value over the limit of 90 bytes", "Line Ping"],
            All(Resp("PUT", "k", X(90 + beyond), "7") + "PING\r\n", Port.Node, Small));
        Assert.Equal([fits ? $"Resp Scan [1] [p] [{X(20 + beyond)}] [9]" : "Resp Scan ERR key over the limit of 20 bytes", "Line Ping"],
            All(Resp("SCAN", "1", "p", X(20 + beyond), "9") + "PING\r\n", Port.Node, Small));
        var pages = X((4 << 20) + beyond);
        Assert.Equal([fits ? $"Resp Pages [1] [{pages}]" : "Resp Pages ERR pages over the limit of 4194304 bytes", "Line Ping"],
            All(Resp("PAGES", "1", pages) + "PING\r\n", Port.Replica, Small));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void By_line_arguments_have_the_same_limits(int beyond, bool fits)
    {
        Assert.Equal([fits ? $"Line Get [{X(20 + beyond)}]" : "Line Get ERR key over the limit of 20 bytes"],
            All($"GET {X(20 + beyond)}\r\n", limits: Small));
        Assert.Equal([fits ? $"Line Regx [{X(10 + beyond)}]" : "Line Regx ERR pattern over the limit of 10 bytes"],
            All($"REGX {X(10 + beyond)}\r\n", limits: Small));
        Assert.Equal([fits ? $"Line Put [{X(20 + beyond)}] [v]" : "Line Put ERR key over the limit of 20 bytes"],
            All($"PUT {X(20 + beyond)} v\r\n", limits: Small));
        Assert.Equal([fits ? $"Line Put [k] [{X(8 + beyond)}]" : "Line Put ERR value by line over the limit of 8 bytes"],
            All($"PUT k {X(8 + beyond)}\r\n", limits: Small with { LineValueBytes = 8 }));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Before_authentication_a_whole_command_is_short(int beyond, bool fits)
    {
        const string Error = "ERR command over the limit of 500 bytes before authentication";
        var limits = new Limits { UnauthenticatedBytes = 500 };
        var argument = X(500 - "AUTH ".Length + beyond);
        Assert.Equal([fits ? $"Line Auth [{argument}]" : $"Line Auth {Error}", "Line Ping"],
            All($"AUTH {argument}\r\nPING\r\n", limits: limits, isAuthenticated: false));

        argument = X(500 - "*2\r\n$4\r\nAUTH\r\n$999\r\n\r\n".Length + beyond);
        Assert.Equal([fits ? $"Resp Auth [{argument}]" : $"Resp Auth {Error}", "Line Ping"],
            All(Resp("AUTH", argument) + "PING\r\n", limits: limits, isAuthenticated: false));
    }

    [Theory]
    [InlineData("*2\r\n$3\r\nGET\r\n$2147483647\r\n", "Resp Get ERR key over the limit of 65536 bytes")]
    [InlineData("*3\r\n$3\r\nPUT\r\n$9999999999\r\n", "Resp Put ERR key over the limit of 65536 bytes")]
    [InlineData("*3\r\n$3\r\nPUT\r\n$1\r\nk\r\n$4294967297\r\n", "Resp Put ERR value over the limit of 67108864 bytes")]
    [InlineData("*1\r\n$2147483648\r\n", "Resp None ERR unknown command")]
    [InlineData("*1\r\n$65\r\n", "Resp None ERR unknown command")]
    public void A_claim_is_refused_before_its_bytes_are_awaited(string input, string expected)
    {
        Assert.Equal([expected], All(input));
        Assert.Empty(All(input[..^1]));
    }

    [Fact]
    public void A_claim_costs_no_memory_and_is_passed_over_to_its_end()
    {
        var reader = new CommandReader(Port.Cluster, new Limits()) { IsAuthenticated = true };
        Assert.Equal(ReadStatus.Error, reader.Read("*3\r\n$3\r\nPUT\r\n$1\r\nk\r\n$268435456\r\n"u8, out var command));
        Assert.Equal(32, command.ConsumedBytes);
        var chunk = new byte[1 << 20];
        var passedBytes = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        while (passedBytes < 268_435_456 && reader.Read(chunk, out command) == ReadStatus.Incomplete)
            passedBytes += command.ConsumedBytes;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(268_435_456, passedBytes);
        Assert.Equal(ReadStatus.Command, reader.Read("\r\nPING\r\n"u8, out command));
        Assert.Equal(8, command.ConsumedBytes);
    }

    [Fact]
    public void A_long_line_is_refused_at_once_and_the_rest_passed_over()
    {
        var reader = new CommandReader(Port.Cluster, Small) { IsAuthenticated = true };
        Assert.Equal(ReadStatus.Incomplete, reader.Read(Bytes(X(40)), out _));
        Assert.Equal(ReadStatus.Incomplete, reader.Read(Bytes(X(40) + "\r"), out _));
        Assert.Equal(ReadStatus.Error, reader.Read(Bytes(X(40) + "\rx"), out var command));
        Assert.Equal(ReadStatus.Incomplete, reader.Read(Bytes(X(100) + "\r"), out command));
        Assert.Equal(100, command.ConsumedBytes);
        Assert.Equal(ReadStatus.Command, reader.Read("\r\nPING\r\n"u8, out command));
        Assert.Equal(Verb.Ping, command.Verb);
        Assert.Equal(8, command.ConsumedBytes);
    }

    [Fact]
    public void A_large_value_in_small_pieces_is_not_read_again_and_again()
    {
        // 131,072 reads of up to 1 MiB each: were each to begin at the first byte, 64 GiB would be searched, for half a minute
        var input = Bytes($"PUT k {X(1 << 20)}\r\n");
        var cuts = Enumerable.Range(0, input.Length / 8).Select(i => i * 8).ToArray();
        var reader = new CommandReader(Port.Cluster, new Limits()) { IsAuthenticated = true };
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Single(InPieces(reader, input, cuts));
        Assert.Single(InPieces(reader, Bytes(Resp("PUT", "k", X(1 << 20))), cuts));
        Assert.True(clock.ElapsedMilliseconds < 10_000, $"{clock.ElapsedMilliseconds} ms");
    }
}
