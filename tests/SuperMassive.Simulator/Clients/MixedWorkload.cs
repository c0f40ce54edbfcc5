using System.Globalization;
using SuperMassive.Simulator.Checking;

namespace SuperMassive.Simulator.Clients;

/// <summary>What a run's clients do, in shares and sizes.</summary>
public sealed record WorkloadSettings
{
    /// <summary>Keys that hold texts and are put, read and deleted.</summary>
    public int Registers { get; init; } = 3;

    /// <summary>Keys that are set once and then only counted.</summary>
    public int Counters { get; init; } = 2;

    /// <summary>Keys that see everything.</summary>
    public int Mixed { get; init; } = 2;

    public int OperationsPerClient { get; init; } = 80;

    public int ReadPerMille { get; init; } = 400;

    public int DeletePerMille { get; init; } = 100;

    public int ScanPerMille { get; init; } = 10;

    /// <summary>How many of the scans ask for a part only.</summary>
    public int WindowPerMille { get; init; }

    /// <summary>Values are mostly short; a few are as long as this.</summary>
    public int LongestValueBytes { get; init; } = 3_000;

    public int LongPerMille { get; init; } = 50;

    public int EmptyPerMille { get; init; }

    /// <summary>How many of the amounts counted have decimals.</summary>
    public int DecimalPerMille { get; init; }

    /// <summary>Whether counters begin so high that counting soon leads beyond what a whole number may be.</summary>
    public bool CountsAtLimit { get; init; }

    /// <summary>So many requests in a row, of whatever clients, mostly concern one key, then the next one; 0: all keys at all times.</summary>
    public int BurstOperations { get; init; }

    /// <summary>How many of the requests concern the first counter, whatever else is hot.</summary>
    public int HotCounterPerMille { get; init; }

    /// <summary>Whether one client writes all keys and deletes them again: see <see cref="MassWorkload"/>.</summary>
    public bool IsMass { get; init; }

    /// <summary>How many of the requests ask for figures or for a sign of life, in the midst of the others.</summary>
    public int AskPerMille { get; init; }

    public IEnumerable<string> Keys =>
        Enumerable.Range(0, Registers).Select(i => $"r{i}").Concat(CounterKeys).Concat(Enumerable.Range(0, Mixed).Select(i => $"m{i}"));

    public IEnumerable<string> CounterKeys => Enumerable.Range(0, Counters).Select(i => $"c{i}");
}

/// <summary>
/// A seeded random mix over the keys of a run. Every text put is unique but the empty one, so that a read says which PUT it saw.
/// </summary>
public sealed class MixedWorkload(WorkloadSettings settings, SimRandom random, bool setsCounters) : Workload
{
    private static readonly string[] Patterns = ["^r", "^[cm]", ".", "0$", "^nothing"];

    private readonly Queue<string> _countersToSet = new(setsCounters ? settings.CounterKeys : []);
    private int _left = settings.OperationsPerClient;

    public override bool IsOver => _left <= 0;

    public override Request? Next(int operationId)
    {
        if (_left <= 0)
            return null;
        _left--;
        if (_countersToSet.TryDequeue(out var counter))
            return new Request(OperationKind.Put, counter, Number(operationId));
        if (random.Chance(settings.ScanPerMille))
            return NextScan();
        if (random.Chance(settings.AskPerMille))
            return new Request(OperationKind.Ask, random.Chance(500) ? "PING" : "STAT");
        if (random.Chance(settings.HotCounterPerMille))
            return NextCounter("c0");
        var index = NextIndex(operationId, settings.Registers + settings.Counters + settings.Mixed);
        if (index < settings.Registers)
            return NextRegister($"r{index}", operationId);
        index -= settings.Registers;
        return index < settings.Counters ? NextCounter($"c{index}") : NextMixed($"m{index - settings.Counters}", operationId);
    }

    private int NextIndex(int operationId, int keys) => settings.BurstOperations > 0 && random.Chance(800)
        ? operationId / settings.BurstOperations % keys
        : random.Below(keys);

    private Request NextScan() => new(OperationKind.Scan, random.Pick(Patterns))
    {
        Window = random.Chance(settings.WindowPerMille) ? new ScanWindow(random.Skewed(0, 8), random.Skewed(0, 8)) : null,
    };

    private Request NextRegister(string key, int operationId)
    {
        var roll = random.Below(1_000);
        if (roll < settings.ReadPerMille)
            return new Request(OperationKind.Get, key);
        return roll < settings.ReadPerMille + settings.DeletePerMille
            ? new Request(OperationKind.Delete, key)
            : new Request(OperationKind.Put, key, Text(operationId));
    }

    private Request NextCounter(string key) =>
        random.Chance(settings.ReadPerMille) ? new Request(OperationKind.Get, key) : new Request(OperationKind.Add, key, Delta: Delta());

    private Request NextMixed(string key, int operationId)
    {
        var roll = random.Below(1_000);
        if (roll < settings.ReadPerMille)
            return new Request(OperationKind.Get, key);
        if (roll < settings.ReadPerMille + settings.DeletePerMille)
            return new Request(OperationKind.Delete, key);
        if (random.Chance(500))
            return new Request(OperationKind.Add, key, Delta: Delta());
        return new Request(OperationKind.Put, key, random.Chance(750) ? Number(operationId) : Text(operationId));
    }

    private decimal Delta()
    {
        decimal delta = random.Chance(300) ? -random.Between(1, 9) : random.Between(1, 99);
        return random.Chance(settings.DecimalPerMille) ? delta + random.Between(1, 19) / 20m : delta;
    }

    /// <summary>Far enough apart that counting never makes two of them meet.</summary>
    private string Number(int operationId)
    {
        var number = (operationId + 1) * 1_000_000L;
        return (settings.CountsAtLimit ? long.MaxValue - 200 - number % 7 : number).ToString(CultureInfo.InvariantCulture);
    }

    private string Text(int operationId)
    {
        if (random.Chance(settings.EmptyPerMille))
            return "";
        var value = $"v{operationId} of text";
        return random.Chance(settings.LongPerMille)
            ? value.PadRight(random.Between(value.Length, Math.Max(value.Length, settings.LongestValueBytes)), 'x')
            : value;
    }
}
