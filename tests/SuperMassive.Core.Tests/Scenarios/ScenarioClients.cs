using SuperMassive.Core.Tests.Cores;

namespace SuperMassive.Core.Tests.Scenarios;

/// <summary>The clients of a scenario by name. One that is not connected connects with its next command.</summary>
internal sealed class ScenarioClients(CoreWorld world)
{
    private readonly Dictionary<string, WorldClient> _clients = [];
    private WorldClient? _observer;

    /// <summary>A client that was answered more than the scenario said, and with what.</summary>
    public string? Unread
    {
        get
        {
            foreach (var (name, client) in _clients)
            {
                if (client.Replies is { Length: > 0 } replies)
                    return $"client {name} was answered: {replies}";
            }
            return null;
        }
    }

    public void Connect(string name, string cluster, bool authenticates) => _clients[name] = world.Client(cluster, authenticates);

    public void Send(string name, string commands, bool byResp)
    {
        if (!_clients.TryGetValue(name, out var client) || !client.IsConnected)
            _clients[name] = client = world.Client();
        var lines = ScenarioText.Expand(commands);
        client.Send([.. byResp ? lines.Select(ScenarioText.ToResp) : lines]);
        world.Run();
    }

    public void Expect(string name, IEnumerable<string> replies)
    {
        var expected = replies.SelectMany(ScenarioText.Expand).ToArray();
        var text = Find(name).Replies;
        var came = text.Length == 0 ? [] : text.Split(" | ");
        if (!expected.SequenceEqual(came))
            throw new ScenarioException($"  expected: {Show(expected)}\n  came:     {Show(came)}");
    }

    public void Leave(string name) => world.Reset(Find(name).Name, "cluster");

    /// <summary>What STAT says of a process, or why it does not.</summary>
    public string Statistic(string process, string field)
    {
        if (_observer is not { IsConnected: true })
            _observer = world.Client();
        _observer.Send("STAT");
        world.Run();
        var section = _observer.Replies.Split(" | ")
            .SkipWhile(line => line.Split(' ') is not [("CLUSTER" or "PRIMARY" or "REPLICA"), var name] || name != process)
            .Skip(1)
            .TakeWhile(line => line.StartsWith(' ') || line is "DISK" or "MEMORY")
            .Select(line => line.Trim())
            .ToArray();
        return Array.Find(section, line => line == field || line.StartsWith(field + " ", StringComparison.Ordinal)) is { } found
            ? found[field.Length..].Trim()
            : $"no such field, but: {Show(section)}";
    }

    private static string Show(string[] lines) => lines.Length == 0 ? "nothing" : string.Join(" | ", lines);

    private WorldClient Find(string name) =>
        _clients.TryGetValue(name, out var client) ? client : throw new FormatException($"client {name} has not said anything yet");
}
