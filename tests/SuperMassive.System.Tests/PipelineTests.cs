using System.Diagnostics;
using System.Globalization;
using System.Text;
using static SuperMassive.SystemTests.Support.RawConnection;

namespace SuperMassive.SystemTests;

/// <summary>Many commands on their way at once: every reply is the right one, in its place.</summary>
public sealed class PipelineTests(SharedTopology shared, ITestOutputHelper output) : SharedTopologyTest(shared, output)
{
    [Theory]
    [InlineData(1, 1_000)]
    [InlineData(20, 500)]
    public async Task Commands_on_overlapping_keys_are_answered_as_if_one_by_one(int connections, int commands)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async number =>
        {
            await using var connection = await AuthenticatedAsync(Topology);
            var (sent, expected) = Script($"pipe{connections}-{number}-", commands, seed: number);
            var receiving = connection.ExpectAsync(expected);
            await connection.SendAsync(sent);
            await receiving;
            await connection.ExpectNothingMoreAsync();
        }));
        Print($"{connections} connections, {connections * commands} pipelined commands in {watch.ElapsedMilliseconds} ms");
    }

    private static (string Sent, string Expected) Script(string prefix, int commands, int seed)
    {
        const int keys = 12;
        var random = new Random(seed);
        var model = new Dictionary<string, string>();
        var (sent, expected) = (new StringBuilder(), new StringBuilder());
        for (var i = 0; i < commands; i++)
        {
            var key = prefix + random.Next(keys).ToString(CultureInfo.InvariantCulture);
            var isResp = random.Next(2) == 0;
            string[] words = random.Next(10) switch
            {
                < 2 => ["PUT", key, random.Next(1_000).ToString(CultureInfo.InvariantCulture)],
                2 => ["PUT", key, $"word{i}"],
                < 6 => ["GET", key],
                6 => ["DEL", key],
                7 => ["DECR", key, "3"],
                _ => ["INCR", key],
            };
            sent.Append(isResp ? Resp(words) : string.Join(' ', words) + "\r\n");
            expected.Append(isResp ? RespReply(model, words) : LineReply(model, words));
        }
        return (sent.ToString(), expected.ToString());
    }

    private static string LineReply(Dictionary<string, string> model, string[] words) => (words[0], Apply(model, words)) switch
    {
        ("PUT", _) => "OK key-value written\r\n",
        ("DEL", { } _) => "OK key-value deleted\r\n",
        (_, null) => "ERR key-value not found\r\n",
        ("GET", var value) => $"{words[1]} {value}\r\n",
        (_, "") => "ERR value is not a number\r\n",
        (_, var number) => $"{words[1]} {number}\r\n",
    };

    private static string RespReply(Dictionary<string, string> model, string[] words) => (words[0], Apply(model, words)) switch
    {
        ("PUT", _) => "+OK key-value written\r\n",
        ("DEL", var value) => value is null ? ":0\r\n" : ":1\r\n",
        ("GET", null) => "$-1\r\n",
        ("GET", { } value) => $"${value.Length}\r\n{value}\r\n",
        (_, null) => "-ERR key-value not found\r\n",
        (_, "") => "-ERR value is not a number\r\n",
        (_, var number) => $":{number}\r\n",
    };

    /// <returns>What was read, deleted or counted; null: there was nothing; empty: it was no number.</returns>
    private static string? Apply(Dictionary<string, string> model, string[] words)
    {
        var key = words[1];
        var old = model.GetValueOrDefault(key);
        switch (words[0])
        {
            case "PUT":
                return model[key] = words[2];
            case "DEL":
                model.Remove(key);
                return old;
            case "GET" or _ when words[0] == "GET" || old is null:
                return old;
            default:
                if (!long.TryParse(old, CultureInfo.InvariantCulture, out var number))
                    return "";
                return model[key] = (number + (words[0] == "DECR" ? -3 : 1)).ToString(CultureInfo.InvariantCulture);
        }
    }
}
