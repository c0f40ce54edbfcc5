using static SuperMassive.SystemTests.Support.RawConnection;

namespace SuperMassive.SystemTests;

/// <summary>What keys and values may be, and what happens beyond.</summary>
public sealed class ValueSizeTests(SharedTopology shared, ITestOutputHelper output) : SharedTopologyTest(shared, output)
{
    private const int KiB = 1 << 10;
    private const int MiB = 1 << 20;

    [Fact]
    public async Task A_value_is_the_rest_of_the_line()
    {
        await using var connection = await AuthenticatedAsync(Topology);
        foreach (var value in new[] { "two words", " leading", "trailing ", "  ", "", "a\tb", "*3", "\u00e9\u00ff" })
        {
            await connection.AskAsync($"PUT spaces {value}\r\n", "OK key-value written\r\n");
            await connection.AskAsync("GET spaces\r\n", $"spaces {value}\r\n");
        }
        await connection.AskAsync(Resp("PUT", "spaces", ""), "+OK key-value written\r\n");
        await connection.AskAsync(Resp("GET", "spaces"), "$0\r\n\r\n");
        await connection.AskAsync("GET spaces\r\n", "spaces \r\n");
    }

    [Theory]
    [InlineData(32 * KiB, 32 * KiB)]
    [InlineData(3, MiB)]
    public async Task Large_keys_and_values_by_line(int keyBytes, int valueBytes)
    {
        var (key, value) = (new string('k', keyBytes), new string('v', valueBytes));
        await using var connection = await AuthenticatedAsync(Topology);
        await connection.AskAsync($"PUT {key} {value}\r\n", "OK key-value written\r\n");
        await connection.AskAsync($"GET {key}\r\n", $"{key} {value}\r\n");
        await connection.AskAsync(Resp("GET", key), $"${valueBytes}\r\n{value}\r\n");
        await connection.AskAsync($"DEL {key}\r\n", "OK key-value deleted\r\n");
    }

    [Fact]
    public async Task Binary_keys_and_values_by_resp()
    {
        var every = string.Concat(Enumerable.Range(0, 256).Select(one => (char)one));
        var megabyte = string.Concat(Enumerable.Repeat(every, 4 * KiB));
        await using var connection = await AuthenticatedAsync(Topology);
        foreach (var (key, value) in new[] { (every, every), ("a b\r\nc\0d", "\r\n\0\r\n"), ("big", megabyte) })
        {
            await connection.AskAsync(Resp("PUT", key, value), "+OK key-value written\r\n");
            await connection.AskAsync(Resp("GET", key), $"${value.Length}\r\n{value}\r\n");
            await connection.AskAsync(Resp("DEL", key), ":1\r\n");
        }
    }

    [Fact]
    public async Task A_line_break_in_a_value_is_never_sent_within_a_line()
    {
        await using var connection = await AuthenticatedAsync(Topology);
        await connection.AskAsync(Resp("PUT", "broken", "a\r\nOK authenticated"), "+OK key-value written\r\n");
        await connection.AskAsync("GET broken\r\n", "ERR value holds a line break: read it by RESP\r\n");
        await connection.AskAsync("DEL broken\r\n", "OK key-value deleted\r\n");
        await connection.ExpectNothingMoreAsync();
    }

    [Fact]
    public async Task Over_a_limit_there_is_one_error_and_the_connection_lives()
    {
        await using var connection = await AuthenticatedAsync(Topology);
        foreach (var (command, reply) in new[]
        {
            ($"PUT big {new string('v', MiB + 1)}\r\n", "ERR value by line over the limit of 1048576 bytes\r\n"),
            ($"GET {new string('k', 64 * KiB)}\r\n", "ERR line over the limit of 65536 bytes\r\n"),
            ($"{new string('x', 200 * KiB)}\r\n", "ERR line over the limit of 65536 bytes\r\n"),
            ($"REGX {new string('p', KiB + 1)}\r\n", "ERR pattern over the limit of 1024 bytes\r\n"),
            (Resp("GET", new string('k', 64 * KiB + 1)), "-ERR key over the limit of 65536 bytes\r\n"),
            (Resp("PUT", new string('k', 64 * KiB + 1), "v"), "-ERR key over the limit of 65536 bytes\r\n"),
            ("GET \r\n", "ERR empty key\r\n"),
            (Resp("GET", ""), "-ERR empty key\r\n"),
        })
        {
            await connection.AskAsync(command, reply);
            await connection.ExpectNothingMoreAsync();
        }
    }

    [Fact]
    public async Task A_value_over_the_limit_of_resp_is_refused_by_its_header_and_passed_over()
    {
        const int tooLong = 64 * MiB + 1;
        await using var connection = await AuthenticatedAsync(Topology);
        await connection.AskAsync($"*3\r\n$3\r\nPUT\r\n$3\r\nbig\r\n${tooLong}\r\n", "-ERR value over the limit of 67108864 bytes\r\n");
        var chunk = new string('v', MiB);
        for (var i = 0; i < 64; i++)
            await connection.SendAsync(chunk);
        await connection.SendAsync("v\r\n");
        await connection.ExpectNothingMoreAsync();
    }
}
