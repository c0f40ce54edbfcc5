using SuperMassive.Core.Cluster;
using SuperMassive.Core.Journal;
using SuperMassive.Core.Node;
using SuperMassive.Core.Tests.Cores;

namespace SuperMassive.Core.Tests.Scenarios;

/// <summary>Carries out the statements of a scenario, in the language that README.md describes, on real cores.</summary>
internal sealed class Scenario
{
    private const string Reply = "(?: -> ?(?<reply>.*))";

    private readonly Statement[] _statements;
    private CoreWorld? _world;
    private ScenarioClients? _clients;
    private IReadOnlyList<ShardSettings> _shards = [];

    private Scenario() => _statements =
    [
        new(@"topology (?<nodes>\d+) nodes?"
            + @"(, (?<replicas>\d+) replicas? each)?(?<available>, read-mode available)?(?<always>, journal-mode always)?"
            + @"(, (?<hints>\d+) hints)?"
            + @"(, replica-acks (?<acks>\d+))?(, segments of (?<pages>\d+) pages)?", Topology),
        new("client (?<client>[a-z]+) connects( to (?<to>[a-z0-9-]+))?(?<bare> without AUTH)?",
            a => Clients.Connect(a["client"], a.Has("to") ? a["to"] : "cluster", !a.Has("bare"))),
        new($"client (?<client>[a-z]+)(?<resp> by RESP)?: (?<commands>.*?){Reply}", a =>
        {
            Clients.Send(a["client"], a["commands"], a.Has("resp"));
            Clients.Expect(a["client"], a.Expected);
        }),
        new("client (?<client>[a-z]+)(?<resp> by RESP)?: (?<commands>.*)", a => Clients.Send(a["client"], a["commands"], a.Has("resp"))),
        new("client (?<client>[a-z]+) expects nothing", a => Clients.Expect(a["client"], [])),
        new("client (?<client>[a-z]+) expects(?<reply> .*)?", a => Clients.Expect(a["client"], a.Expected)),
        new("client (?<client>[a-z]+) leaves", a => Clients.Leave(a["client"])),
        new("hold (?<from>\\S+) to (?<to>\\S+)", a => World.Hold(Known(a["from"]), Known(a["to"]))),
        new("release (?<from>\\S+) to (?<to>\\S+)", a => World.Release(Known(a["from"]), Known(a["to"]))),
        new("cut (?<one>\\S+) and (?<other>\\S+)", a => World.Cut(Known(a["one"]), Known(a["other"]))),
        new("mend (?<one>\\S+) and (?<other>\\S+)", a => World.Mend(Known(a["one"]), Known(a["other"]))),
        new("reset (?<one>\\S+) and (?<other>\\S+)", a => World.Reset(Known(a["one"]), Known(a["other"]))),
        new("crash (?<names>.*)", a => ForEach(a.List("names"), name => World.Crash(Up(name)))),
        new("power-cut (?<names>.*)", a => ForEach(a.List("names"), PowerCut)),
        new("restart (?<names>.*)", a => ForEach(a.List("names"), name => World.Restart(Down(name)))),
        new("empty (?<name>\\S+)", a => Node(Down(a["name"])).ResetJournal(0)),
        new("disk of (?<name>\\S+) fails", a => Node(a["name"]).IsDiskBroken = true),
        new("disk of (?<name>\\S+) has (?<bytes>\\d+) bytes left", a => Fill(Node(a["name"]), a.Number("bytes"))),
        new("disk of (?<name>\\S+) has room", a => Node(a["name"]).CapacityBytes = long.MaxValue),
        new("disk of (?<name>\\S+) reserves nothing", a => Node(a["name"]).CanReserve = false),
        new("fsync of (?<name>\\S+) hangs", a => Node(a["name"]).HoldsSyncs = true),
        new("fsync of (?<name>\\S+) returns", a => Node(a["name"]).FinishSync()),
        new("state of (?<name>\\S+) is lost", a => Cluster(Down(a["name"])).LoseState()),
        new("settle", _ => World.Settle()),
        new("wait (?<ms>\\d+) ms", a => World.Pass(a.Number("ms"))),
        new("clocks jump by (?<hours>[+-]?\\d+) h", a => World.JumpClock(a.Number("hours") * 3_600_000L)),
        new("start (?<name>\\S+)", a => World.StartCluster(a["name"])),
        new("stop cluster", _ => World.Cluster.Cluster.BeginDrain()),
        new("configure (?<names>.*)", a => Configure(a.List("names"))),
        new("max-memory of (?<name>\\S+) (?<bytes>\\d+) bytes", a => LimitMemory(Node(a["name"]), a.Number("bytes"))),
        new($"(?<name>\\S+) holds (?<key>\\S+){Reply}", a => Holds(Node(a["name"]), a["key"], a["reply"])),
        new($"stat (?<name>\\S+) (?<field>\\S+){Reply}", a => Same(a["reply"], Clients.Statistic(Known(a["name"]), a["field"]))),
        new("(?<name>\\S+) reports (?<text>.*)", a => Reports(Process(a["name"]), a["text"])),
        new("journals equal (?<one>\\S+), (?<other>\\S+)", a => JournalsEqual(Node(a["one"]), Node(a["other"]))),
    ];

    private CoreWorld World => _world ?? throw new FormatException("a scenario begins with a topology");

    private ScenarioClients Clients => _clients ?? throw new FormatException("a scenario begins with a topology");

    /// <exception cref="ScenarioException">A line is none of the language, or something else happened than it says.</exception>
    public static void Run(string file, IEnumerable<string> lines)
    {
        var scenario = new Scenario();
        var steps = ScenarioStep.Parse(file, lines);
        foreach (var step in steps)
            scenario.Run(step);
        if (steps.Count == 0)
            throw new ScenarioException($"{file}: no statement in it");
        if (scenario.Clients.Unread is { } unread)
            throw new ScenarioException($"{steps[^1].Place}: at the end {unread} that no line expects");
    }

    private void Run(ScenarioStep step)
    {
        try
        {
            if (!Array.Exists(_statements, statement => statement.TryRun(step)))
                throw new FormatException("no such statement; README.md lists them");
            _world?.Run();
        }
        catch (Exception e)
        {
            throw new ScenarioException($"{step.Place}: {string.Join("\n    ", step.Below.Prepend(step.Text))}\n{e.Message}", e);
        }
    }

    private void Topology(Arguments a)
    {
        if (_world is not null)
            throw new FormatException("there is a topology already");
        _world = CoreWorld.Start(
            a.Number("nodes"),
            a.Has("replicas") ? a.Number("replicas") : 0,
            s => s with
            {
                ReadMode = a.Has("available") ? ReadMode.Available : ReadMode.Consistent,
                HintCapacity = a.Has("hints") ? a.Number("hints") : s.HintCapacity,
            },
            s => s with
            {
                ReplicaAcks = a.Has("acks") ? a.Number("acks") : 0,
                JournalMode = a.Has("always") ? JournalMode.Always : JournalMode.Written,
            },
            a.Has("pages") ? a.Number("pages") : Page.SegmentPages);
        _shards = _world.Cluster.Settings.Shards;
        _clients = new ScenarioClients(_world);
    }

    private void PowerCut(string name)
    {
        var node = Node(Up(name));
        if (node.SyncedBytes == node.JournalBytes)
            throw new FormatException($"a power cut takes nothing from {name}: all of its journal is synced");
        World.Crash(name);
        node.TruncateJournal(node.SyncedBytes);
    }

    private void Configure(string[] names)
    {
        ForEach(names, name => Known(name));
        World.Cluster.Settings = World.Cluster.Settings with { Shards = [.. _shards.Where(s => names.Contains(s.Primary.Address))] };
    }

    private static void Fill(WorldNode node, int bytes) => node.CapacityBytes = node.JournalBytes + bytes;

    private static void LimitMemory(WorldNode node, int bytes) => node.Settings = node.Settings with { MaxMemoryBytes = bytes };

    private static void Holds(WorldNode node, string key, string expected)
    {
        var held = node.Core is null ? "(down)" : node.Holds(key);
        Same(expected, held switch { null => "nothing", "(deleted)" => "tombstone", var value => value });
    }

    private static void Reports(WorldProcess process, string text)
    {
        if (!process.Reports.Exists(report => report.Contains(text, StringComparison.Ordinal)))
            throw new ScenarioException($"  {process.Name} reported only:\n    {string.Join("\n    ", process.Reports)}");
    }

    private static void JournalsEqual(WorldNode one, WorldNode other)
    {
        var from = Math.Max(one.FirstJournalLsn, other.FirstJournalLsn);
        if (!one.Journal.Skip((int)(from - one.FirstJournalLsn)).SequenceEqual(other.Journal.Skip((int)(from - other.FirstJournalLsn))))
            throw new ScenarioException($"  they differ: {one.Name} has {one.JournalBytes} bytes, {other.Name} {other.JournalBytes}");
    }

    private static void Same(string expected, string came)
    {
        if (expected != came)
            throw new ScenarioException($"  expected: {expected}\n  came:     {came}");
    }

    private static void ForEach(string[] names, Action<string> act) => Array.ForEach(names, act);

    private WorldProcess Process(string name) => World.Find(name) ?? throw new FormatException($"no process is called {name}");

    private WorldNode Node(string name) => Process(name) as WorldNode ?? throw new FormatException($"{name} is no node");

    private WorldCluster Cluster(string name) =>
        Process(name) as WorldCluster ?? throw new FormatException($"{name} is no cluster process");

    private string Known(string name) => Process(name).Name;

    private string Up(string name) => Process(name).Core is null ? throw new FormatException($"{name} is down already") : name;

    private string Down(string name) => Process(name).Core is null ? name : throw new FormatException($"{name} is up");
}
