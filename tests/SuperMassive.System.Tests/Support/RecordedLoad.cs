using System.Diagnostics;
using System.Globalization;
using SuperMassive.Client;
using SuperMassive.Simulator.Checking;
using SuperMassive.Simulator.Clients;

namespace SuperMassive.SystemTests.Support;

/// <summary>
/// Clients that put, read, delete and count keys they all share, and record when each operation was sent, when it was answered and
/// with what. The simulator's checker then looks for an order that explains every answer.
/// </summary>
internal sealed class RecordedLoad
{
    private const int Workers = 6;
    private const int TextKeys = 48;
    private const int CounterKeys = 8;
    private const int ShownOperations = 60;

    /// <summary>The checker goes as deep as a key has operations.</summary>
    private const int CheckerStackBytes = 256 << 20;

    private readonly ITopology _topology;
    private readonly string _prefix;
    private readonly List<Operation> _operations = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private long _acknowledged;

    private RecordedLoad(ITopology topology, string prefix) => (_topology, _prefix) = (topology, prefix);

    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    public int Count => _operations.Count;

    /// <param name="prefix">Of all keys: a load of its own needs keys of its own.</param>
    public static async Task<RecordedLoad> StartAsync(ITopology topology, string prefix, int seed)
    {
        var load = new RecordedLoad(topology, prefix);
        var clients = new List<SuperMassiveClient>();
        for (var worker = 0; worker < Workers; worker++)
            clients.Add(await topology.ConnectAsync());
        for (var counter = 0; counter < CounterKeys; counter++)
            await load.RunAsync(clients[0], OperationKind.Put, $"{prefix}-count-{counter}", "0", delta: 0);
        load._running = Task.WhenAll(clients.Select((client, worker) => load.WorkAsync(client, worker, new Random(seed + worker))));
        return load;
    }

    /// <summary>Waits until that many more writes are acknowledged.</summary>
    public Task MoreAsync(int count)
    {
        var wanted = Acknowledged + count;
        return Wait.UntilAsync($"{count} more acknowledged writes", () => Acknowledged >= wanted, _running);
    }

    /// <summary>Stops, reads every key until it is answered, and requires an order of all operations that explains every answer.</summary>
    public async Task VerifyAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        await using (var client = await _topology.ConnectAsync())
        {
            foreach (var key in _operations.Select(operation => operation.Key).Distinct().ToArray())
                await Wait.UntilAsync($"an answer to GET {key}", async () =>
                    (await RunAsync(client, OperationKind.Get, key, null, delta: 0)).Outcome is Outcome.Ok or Outcome.NotFound);
        }
        var problems = new List<string>();
        var checking = new Thread(() => Check(problems), CheckerStackBytes);
        checking.Start();
        checking.Join();
        Assert.True(problems.Count == 0, string.Join("\n\n", problems));
    }

    private void Check(List<string> problems)
    {
        foreach (var key in _operations.GroupBy(operation => operation.Key))
        {
            var verdict = Linearizability.Check(key, out var stuck);
            if (verdict == Verdict.Linearizable)
                continue;
            var before = key.OrderBy(operation => operation.InvokeUs)
                .Where(operation => operation.Outcome != Outcome.Refused && (stuck is null || operation.InvokeUs <= stuck.ReturnUs))
                .TakeLast(ShownOperations);
            problems.Add($"{key.Key}: {verdict}, {stuck} fits nowhere after\n{string.Join('\n', before)}");
        }
    }

    private async Task WorkAsync(SuperMassiveClient client, int worker, Random random)
    {
        await Task.Yield();
        await using var closing = client;
        for (var number = 0; !_stopping.IsCancellationRequested; number++)
        {
            var key = $"{_prefix}-{random.Next(TextKeys)}";
            var counter = $"{_prefix}-count-{random.Next(CounterKeys)}";
            var operation = random.Next(10) switch
            {
                < 4 => await RunAsync(client, OperationKind.Put, key, $"{key}={worker}.{number}", delta: 0),
                4 => await RunAsync(client, OperationKind.Delete, key, null, delta: 0),
                5 => await RunAsync(client, OperationKind.Add, counter, null, random.Next(1, 5)),
                _ => await RunAsync(client, OperationKind.Get, random.Next(8) == 0 ? counter : key, null, delta: 0),
            };
            if (operation.IsAcknowledgedWrite)
                Interlocked.Increment(ref _acknowledged);
        }
    }

    private async Task<Operation> RunAsync(SuperMassiveClient client, OperationKind kind, string key, string? value, long delta)
    {
        Operation operation;
        lock (_operations)
        {
            operation = new Operation { Id = _operations.Count, Kind = kind, Key = key, Value = value, Delta = delta, InvokeUs = NowUs() };
            _operations.Add(operation);
        }
        try
        {
            (operation.Outcome, operation.Result) = await AskAsync(client, operation);
        }
        catch (SuperMassiveServerException refused)
        {
            var reply = Reply.OfError(kind, refused.Message);
            Assert.Null(reply.Breach);
            (operation.Outcome, operation.Error) = (reply.Outcome, reply.Error);
        }
        catch (SuperMassiveException lost)
        {
            operation.Outcome = lost.IsIndeterminate && operation.IsWrite ? Outcome.Indeterminate : Outcome.Refused;
            operation.Error = lost.Message;
        }
        operation.ReturnUs = NowUs();
        return operation;
    }

    private static async Task<(Outcome Outcome, string? Result)> AskAsync(SuperMassiveClient client, Operation operation)
    {
        switch (operation.Kind)
        {
            case OperationKind.Put:
                await client.PutAsync(operation.Key, operation.Value!);
                return (Outcome.Ok, null);
            case OperationKind.Delete:
                return (await client.DeleteAsync(operation.Key) ? Outcome.Ok : Outcome.NotFound, null);
            case OperationKind.Add:
                return (Outcome.Ok, await client.IncrementAsync(operation.Key, operation.Delta.ToString(CultureInfo.InvariantCulture)));
            default:
                var value = await client.GetAsync(operation.Key);
                return (value is null ? Outcome.NotFound : Outcome.Ok, value);
        }
    }

    private static long NowUs() => (long)Stopwatch.GetElapsedTime(0).TotalMicroseconds;
}
