using Microsoft.Extensions.Logging;
using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Server.Hosting;
using SuperMassive.Server.Loop;

namespace SuperMassive.Server.Tests.Hosting;

public sealed class RefusalLogTests
{
    private const string WrongKey = "wrong shared key";

    [Fact]
    public void A_host_has_one_line_a_minute_whatever_its_port_and_the_next_says_how_many_were_left_out()
    {
        var log = new RefusalLog();
        Assert.Equal(0, log.Admit("10.0.0.1:5001", WrongKey, 0));
        for (var nowMs = 2_000; nowMs < RefusalLog.IntervalMs; nowMs += 2_000)
            Assert.Null(log.Admit($"10.0.0.1:{nowMs}", WrongKey, nowMs));
        Assert.Equal(29, log.Admit("10.0.0.1:5003", WrongKey, RefusalLog.IntervalMs));
        Assert.Null(log.Admit("10.0.0.1:5004", WrongKey, RefusalLog.IntervalMs + 1));
        Assert.Equal(1, log.Admit("10.0.0.1:5005", WrongKey, 2 * RefusalLog.IntervalMs));
    }

    [Fact]
    public void Other_hosts_and_other_reasons_have_lines_of_their_own()
    {
        var log = new RefusalLog();
        Assert.Equal(0, log.Admit("10.0.0.1:5001", WrongKey, 0));
        Assert.Equal(0, log.Admit("10.0.0.2:5001", WrongKey, 0));
        Assert.Equal(0, log.Admit("[::1]:5001", WrongKey, 0));
        Assert.Equal(0, log.Admit("10.0.0.1:5001", "wrong user or password", 0));
    }

    [Fact]
    public void Hosts_beyond_the_limit_share_a_line_until_others_are_forgotten()
    {
        var log = new RefusalLog();
        for (var i = 0; i < RefusalLog.MaxHosts; i++)
            Assert.Equal(0, log.Admit($"host-{i}:1", WrongKey, 0));
        Assert.Equal(0, log.Admit("one-more:1", WrongKey, 1));
        Assert.Null(log.Admit("and-another:1", WrongKey, 2));
        Assert.Null(log.Admit("host-7:2", WrongKey, 3));
        Assert.Equal(0, log.Admit("later:1", WrongKey, RefusalLog.IntervalMs + 1));
    }

    [Fact]
    public void Every_refusal_is_counted_and_few_are_logged()
    {
        var folder = Directory.CreateTempSubdirectory("supermassive-refusals-");
        try
        {
            var logger = new Lines();
            using var loop = new EventLoop(logger);
            using var host = new ClusterHost(loop, logger, folder.FullName, static () => new ClusterSettings
            {
                Address = "cluster:1",
                Shards = [new ShardSettings(new PeerAddress("node:1"), [])],
                Username = "user"u8.ToArray(),
                Password = "password"u8.ToArray(),
                SharedKey = new byte[32],
            });
            for (var port = 1; port <= 100; port++)
                host.Report(CoreEvent.AuthenticationFailed, $"10.0.0.1:{port}", WrongKey);

            Assert.Equal("10.0.0.1:1 did not authenticate: wrong shared key", logger.Written[0]);
            Assert.InRange(logger.Written.Count, 1, 2); // two where the test took a minute
            Assert.Equal(100, host.Snapshot().CountOf(CoreEvent.AuthenticationFailed));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed class Lines : ILogger
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state,
            Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add(formatter(state, exception));
    }
}
