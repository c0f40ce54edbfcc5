using StackExchange.Redis;

namespace SuperMassive.SystemTests;

/// <summary>A Redis client that knows nothing of this project, with the commands that both have.</summary>
public sealed class ThirdPartyClientTests(SharedTopology shared, ITestOutputHelper output) : SharedTopologyTest(shared, output)
{
    [Fact]
    public async Task StackExchange_Redis_reads_writes_counts_and_deletes()
    {
        var options = new ConfigurationOptions
        {
            EndPoints = { Topology.Plan.Cluster.Address },
            User = Topology.Secrets.Username,
            Password = Topology.Secrets.Password,
            Protocol = RedisProtocol.Resp2,
            AbortOnConnectFail = true,
            CommandMap = CommandMap.Create(["AUTH", "PING", "GET", "SET", "DEL", "INCR", "INCRBY", "DECR", "DECRBY", "QUIT"], available: true),
        };
        var text = new StringWriter();
        try
        {
            await using var redis = await ConnectionMultiplexer.ConnectAsync(options, text);
            var database = redis.GetDatabase();
            Assert.True(await database.StringSetAsync("redis", "value"));
            Assert.Equal("value", await database.StringGetAsync("redis"));
            Assert.True(await database.KeyDeleteAsync("redis"));
            Assert.True((await database.StringGetAsync("redis")).IsNull);
        }
        finally
        {
            Print(text.ToString());
        }
    }
}
