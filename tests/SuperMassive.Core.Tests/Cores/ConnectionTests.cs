namespace SuperMassive.Core.Tests.Cores;

/// <summary>Clients and links that come and go: every command answered once, in order, with its own answer.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public void Clients_that_leave_take_nobody_elses_answers_with_them()
    {
        var world = CoreWorld.Start(nodes: 3);
        var random = new Random(7);
        var clients = Enumerable.Range(0, 6).Select(_ => world.Client()).ToArray();
        for (var round = 0; round < 200; round++)
        {
            var asked = new List<string>[clients.Length];
            for (var c = 0; c < clients.Length; c++)
            {
                asked[c] = [];
                for (var i = random.Next(6); i >= 0; i--)
                    Ask(clients[c], asked[c], $"key-{c}-{random.Next(3)}", random);
            }
            if (random.Next(3) == 0)
                world.Reset("cluster", $"node-{1 + random.Next(3)}");
            var leaver = random.Next(12);
            if (leaver < clients.Length)
            {
                world.Reset(clients[leaver].Name, "cluster");
                clients[leaver] = world.Client();
            }
            world.Pass(300);
            for (var c = 0; c < clients.Length; c++)
            {
                if (c != leaver)
                    AssertAnswered(asked[c], clients[c].Replies);
            }
        }
    }

    private static void Ask(WorldClient client, List<string> asked, string key, Random random)
    {
        var command = random.Next(4) switch { 0 => $"PUT {key} {random.Next(9)}", 1 => $"GET {key}", 2 => $"DEL {key}", _ => $"INCR {key}" };
        client.Send(command);
        asked.Add(command);
    }

    /// <summary>One reply a command, of a kind that the command can have, and for its key.</summary>
    private static void AssertAnswered(List<string> commands, string text)
    {
        var replies = text.Split(" | ");
        Assert.True(commands.Count == replies.Length, $"{string.Join(" | ", commands)} -> {text}");
        for (var i = 0; i < replies.Length; i++)
        {
            var words = commands[i].Split(' ');
            var fits = replies[i].StartsWith("ERR ", StringComparison.Ordinal) || words[0] switch
            {
                "PUT" => replies[i] == "OK key-value written",
                "DEL" => replies[i] == "OK key-value deleted",
                _ => replies[i].StartsWith(words[1] + " ", StringComparison.Ordinal),
            };
            Assert.True(fits, $"{commands[i]} -> {replies[i]}");
        }
    }
}
