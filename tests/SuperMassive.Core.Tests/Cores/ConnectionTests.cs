namespace SuperMassive.Core.Tests.Cores;

/// <summary>Clients and links that come and go: every command answered once, in order, with what its own key must hold.</summary>
public sealed class ConnectionTests
{
    private const string Unknown = "?";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_client_is_told_what_its_keys_hold(int seed)
    {
        var world = CoreWorld.Start(nodes: 3, replicas: seed % 2);
        var random = new Random(seed);
        var clients = Enumerable.Range(0, 4).Select(c => new Owner(world, c)).ToArray();
        for (var round = 0; round < 150; round++)
        {
            var node = $"node-{1 + random.Next(3)}";
            var isLost = random.Next(3) == 0;
            if (isLost)
                world.Hold(node, "cluster");
            foreach (var client in clients)
                client.Ask(random);
            world.Run();
            if (random.Next(4) == 0)
                clients[random.Next(clients.Length)].Leave();
            if (isLost && random.Next(2) == 0)
                world.Crash(node).Restart(node);
            else if (isLost)
                world.Reset("cluster", node);
            world.Release(node, "cluster").Pass(random.Next(3) * 600);
            world.Pass(1_200);
            foreach (var client in clients)
                client.Check($"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void Answers_that_needed_nobody_do_not_end_the_reading()
    {
        var world = CoreWorld.Start(nodes: 1, cluster: settings => settings with { Limits = settings.Limits with { OutputBytes = 16 } });
        var client = world.Client();
        client.Send("PING", "PING", "PING");
        world.Run();
        Assert.Equal("OK PONG | OK PONG | OK PONG", client.Replies);
        client.Send("PUT k v", "GET k");
        world.Run();
        Assert.Equal("OK key-value written | k v", client.Replies);
    }

    /// <summary>A client with keys that nobody else writes, and what they must hold.</summary>
    private sealed class Owner(CoreWorld world, int number)
    {
        private readonly Dictionary<string, string?> _held = [];
        private readonly List<string> _asked = [];
        private WorldClient _client = world.Client();

        public void Ask(Random random)
        {
            for (var i = random.Next(6); i >= 0; i--)
            {
                var key = $"key-{number}-{random.Next(3)}";
                var command = random.Next(4) switch
                {
                    0 => $"PUT {key} {random.Next(90)}",
                    1 => $"GET {key}",
                    2 => $"DEL {key}",
                    _ => $"INCR {key}",
                };
                _client.Send(command);
                _asked.Add(command);
            }
        }

        /// <summary>Whatever it asked may have happened or not.</summary>
        public void Leave()
        {
            world.Reset(_client.Name, "cluster");
            foreach (var command in _asked.Where(c => !c.StartsWith("GET", StringComparison.Ordinal)))
                _held[command.Split(' ')[1]] = Unknown;
            _asked.Clear();
            _client = world.Client();
        }

        public void Check(string when)
        {
            var text = _client.Replies;
            var replies = text.Length == 0 ? [] : text.Split(" | ");
            when += $": {string.Join(" | ", _asked)} -> {text}";
            Assert.True(_asked.Count == replies.Length, when);
            for (var i = 0; i < replies.Length; i++)
                Apply(_asked[i].Split(' '), replies[i], $"{when}, number {i}");
            _asked.Clear();
        }

        private void Apply(string[] command, string reply, string when)
        {
            var key = command[1];
            var held = _held.GetValueOrDefault(key);
            if (reply is "ERR timeout" or "ERR no primary nodes available")
            {
                _held[key] = command[0] == "GET" ? held : Unknown;
                return;
            }
            const string notFound = "ERR key-value not found";
            var mayDiffer = reply == "ERR key-value unavailable" || held == Unknown;
            when += $", held {held}";
            switch (command[0])
            {
                case "PUT":
                    Assert.True(reply == "OK key-value written", when);
                    _held[key] = command[2];
                    break;
                case "DEL":
                    Assert.True(mayDiffer || reply == (held is null ? notFound : "OK key-value deleted"), when);
                    _held[key] = null;
                    break;
                case "GET":
                    Assert.True(mayDiffer || reply == (held is null ? notFound : $"{key} {held}"), when);
                    break;
                default:
                    if (mayDiffer)
                        break;
                    var sum = held is null ? null : $"{int.Parse(held, System.Globalization.CultureInfo.InvariantCulture) + 1}";
                    Assert.True(reply == (sum is null ? notFound : $"{key} {sum}"), when);
                    _held[key] = sum;
                    break;
            }
        }
    }
}
