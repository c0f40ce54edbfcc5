using System.Text.Json;

namespace SuperMassive.Cli.Tests;

/// <summary><c>bench</c> against real servers: everything they answer is right, and it finds that.</summary>
public sealed class BenchServerTests
{
    private static readonly string[] AllCommands =
        ["--readratio", "0.5", "--writeratio", "0.2", "--deleteratio", "0.1", "--incrratio", "0.2", "--operations", "20000"];

    [Theory]
    [InlineData("line", "uniform")]
    [InlineData("resp", "zipf")]
    public async Task A_cluster_answers_everything_right(string protocol, string distribution)
    {
        await using var up = await RunningServer.UpAsync();
        var json = Path.GetTempFileName();
        try
        {
            var result = await Tool.BenchAsync(up.Address,
            [
                "--user", "u", "--pass", "p", "--protocol", protocol, "--distribution", distribution, "--pipeline", "16",
                "--json", json, .. AllCommands,
            ]);
            result.Succeeded();
            Assert.Contains("0 wrong, 0 errors, 0 unanswered", result.Output, StringComparison.Ordinal);
            using var report = JsonDocument.Parse(await File.ReadAllTextAsync(json));
            Assert.Equal(20_000, report.RootElement.GetProperty("total").GetProperty("count").GetInt64());
            Assert.Equal(4, report.RootElement.GetProperty("commands").GetArrayLength());
            Assert.True(report.RootElement.GetProperty("valuesChecked").GetInt64() > 5_000);
        }
        finally
        {
            File.Delete(json);
        }
    }

    [Fact]
    public async Task What_an_earlier_run_left_is_taken_as_it_is_and_then_checked()
    {
        await using var up = await RunningServer.UpAsync();
        string[] login = ["--user", "u", "--pass", "p", "--seed", "1"];
        (await Tool.BenchAsync(up.Address, login)).Succeeded();
        (await Tool.BenchAsync(up.Address, [.. login, "--no-preload", "--duration", "0.3", "--valuesize", "17"])).Succeeded();
    }

    [Fact]
    public async Task A_wrong_password_ends_it_at_once_with_the_clusters_words()
    {
        await using var up = await RunningServer.UpAsync();
        (await Tool.BenchAsync(up.Address, "--user", "u", "--pass", "wrong")).Failed("ERR invalid credentials");
        (await Tool.BenchAsync(up.Address)).Failed("ERR not authenticated");
        (await Tool.BenchAsync(up.Address, "--protocol", "resp", "--user", "u", "--pass", "wrong")).Failed("ERR invalid credentials");
    }

    [Fact]
    public async Task Redis_or_else_our_own_RESP_port_answers_everything_right()
    {
        await using var redis = await RunningServer.RedisAsync();
        await using var up = redis is null ? await RunningServer.UpAsync() : null;
        string[] login = redis is null ? ["--user", "u", "--pass", "p"] : [];
        (await Tool.BenchAsync((redis ?? up)!.Address, [.. login, "--protocol", "resp", "--pipeline", "16", .. AllCommands])).Succeeded();
    }

    [Fact]
    public async Task Where_nobody_listens_it_says_so() =>
        (await Tool.BenchAsync("127.0.0.1:1")).Failed("cannot connect to 127.0.0.1:1", "connection refused");
}
