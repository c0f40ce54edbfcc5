using System.Globalization;
using StackExchange.Redis;

namespace SuperMassive.SystemTests;

/// <summary>A Redis client that knows nothing of this project, with the commands that both have.</summary>
public sealed class ThirdPartyClientTests(SharedTopology shared, ITestOutputHelper output) : SharedTopologyTest(shared, output)
{
    [Fact]
    public async Task StackExchange_Redis_reads_writes_counts_and_deletes()
    {
        const int keys = 500;
        var handshake = new StringWriter(CultureInfo.InvariantCulture);
        try
        {
            await using var redis = await ConnectionMultiplexer.ConnectAsync(Options(), handshake);
            var database = redis.GetDatabase();
            await Task.WhenAll(Enumerable.Range(0, keys).Select(async key =>
            {
                var name = $"redis-{key}";
                byte[] value = [.. Enumerable.Range(0, key).Select(one => (byte)one)];
                Assert.True(await database.StringSetAsync(name, value));
                Assert.Equal(value, (byte[]?)await database.StringGetAsync(name));
                Assert.True(await database.StringSetAsync(name, key));
                Assert.Equal(key + 1, await database.StringIncrementAsync(name));
                Assert.Equal(key + 11, await database.StringIncrementAsync(name, 10));
                Assert.Equal(key + 10, await database.StringDecrementAsync(name));
                Assert.True(await database.KeyDeleteAsync(name));
                Assert.False(await database.KeyDeleteAsync(name));
                Assert.True((await database.StringGetAsync(name)).IsNull);
            }));
            Print($"{9 * keys} commands of StackExchange.Redis on {keys} keys");
        }
        catch (RedisConnectionException)
        {
            Print(handshake.ToString());
            throw;
        }
    }

    private ConfigurationOptions Options() => new()
    {
        EndPoints = { Topology.Plan.Cluster.Address },
        User = Topology.Secrets.Username,
        Password = Topology.Secrets.Password,
        Protocol = RedisProtocol.Resp2,
        CommandMap = CommandMap.Create(["AUTH", "PING", "GET", "SET", "DEL", "INCR", "INCRBY", "DECR", "DECRBY"], available: true),
    };
}
