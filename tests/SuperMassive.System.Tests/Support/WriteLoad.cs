using System.Collections.Concurrent;
using System.Globalization;
using SuperMassive.Client;

namespace SuperMassive.SystemTests.Support;

/// <summary>
/// Clients that write, delete, count and read for as long as they are let, and remember what was acknowledged to them. Each has a
/// connection and keys of its own.
/// </summary>
internal sealed class WriteLoad
{
    private const int Workers = 6;
    private const int KeysEach = 40;

    private readonly ITopology _topology;
    private readonly List<KeyModel> _keys = [];
    private readonly List<Counter> _counters = [];
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private long _acknowledged;
    private long _refused;
    private long _inDoubt;
    private long _readsUnavailable;

    private WriteLoad(ITopology topology) => _topology = topology;

    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <param name="prefix">Of all keys.</param>
    public static async Task<WriteLoad> StartAsync(ITopology topology, string prefix)
    {
        var load = new WriteLoad(topology);
        var workers = new List<Task>();
        for (var worker = 0; worker < Workers; worker++)
        {
            var keys = Enumerable.Range(0, KeysEach).Select(key => new KeyModel($"{prefix}-{worker}-{key}")).ToArray();
            var counter = new Counter($"{prefix}-{worker}-counter");
            load._keys.AddRange(keys);
            load._counters.Add(counter);
            var client = await topology.ConnectAsync();
            await client.PutAsync(counter.Key, "0");
            workers.Add(load.WorkAsync(client, keys, counter, new Random(worker)));
        }
        load._running = Task.WhenAll(workers);
        return load;
    }

    /// <summary>Waits until that many more writes are acknowledged.</summary>
    public Task MoreAsync(int count)
    {
        var wanted = Acknowledged + count;
        return Wait.UntilAsync($"{count} more acknowledged writes", () => Acknowledged >= wanted, _running);
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
    }

    /// <summary>Stops, reads every key, and requires that no acknowledged write is lost and no value wrong.</summary>
    /// <returns>The figures, for people.</returns>
    public async Task<string> VerifyAsync()
    {
        await StopAsync();
        await using var client = await _topology.ConnectAsync();
        foreach (var key in _keys)
        {
            var read = await ReadAsync(client, key.Key);
            if (key.Problem(read) is { } problem)
                _violations.Enqueue(problem);
        }
        foreach (var counter in _counters)
        {
            var read = await ReadAsync(client, counter.Key);
            if (counter.Problem(read ?? "nothing", isAnswer: false) is { } problem)
                _violations.Enqueue(problem);
        }
        Assert.Empty(_violations);
        return string.Create(CultureInfo.InvariantCulture,
            $"{Acknowledged} acknowledged writes, {_refused} refused, {_inDoubt} in doubt, {_readsUnavailable} reads unavailable; ") +
            $"{_keys.Count} keys and {_counters.Count} counters read back, 0 lost or wrong";
    }

    private static async Task<string?> ReadAsync(SuperMassiveClient client, string key)
    {
        string? value = null;
        await Wait.UntilAsync($"an answer to GET {key}", async () =>
        {
            try
            {
                value = await client.GetAsync(key);
                return true;
            }
            catch (SuperMassiveException)
            {
                return false;
            }
        });
        return value;
    }

    private async Task WorkAsync(SuperMassiveClient client, KeyModel[] keys, Counter counter, Random random)
    {
        await Task.Yield();
        await using var closing = client;
        for (var number = 0; !_stopping.IsCancellationRequested; number++)
        {
            var key = keys[random.Next(keys.Length)];
            switch (random.Next(10))
            {
                case < 5:
                    await PutAsync(client, key, $"{key.Key}={number}");
                    break;
                case 5:
                    await DeleteAsync(client, key);
                    break;
                case 6:
                    await CountAsync(client, counter);
                    break;
                default:
                    await CheckAsync(client, key);
                    break;
            }
        }
    }

    private async Task PutAsync(SuperMassiveClient client, KeyModel key, string value)
    {
        try
        {
            await client.PutAsync(key.Key, value);
            key.Acknowledge(value);
            Interlocked.Increment(ref _acknowledged);
        }
        catch (SuperMassiveException failure)
        {
            if (Failed(failure))
                key.Doubt(value);
        }
    }

    private async Task DeleteAsync(SuperMassiveClient client, KeyModel key)
    {
        try
        {
            var wasThere = await client.DeleteAsync(key.Key);
            if (!wasThere && key.Problem(null) is { } problem)
                _violations.Enqueue($"DEL found nothing: {problem}");
            key.Acknowledge(null);
            Interlocked.Increment(ref _acknowledged);
        }
        catch (SuperMassiveException failure)
        {
            // its tombstone stands where it could be put
            if (Failed(failure) || failure is SuperMassiveServerException { Reason: "key-value unavailable" })
                key.Doubt(null);
        }
    }

    private async Task CountAsync(SuperMassiveClient client, Counter counter)
    {
        try
        {
            if (counter.Problem(await client.IncrementAsync(counter.Key), isAnswer: true) is { } problem)
                _violations.Enqueue(problem);
            Interlocked.Increment(ref _acknowledged);
        }
        catch (SuperMassiveServerException failure) when (failure.Reason == "key-value not found")
        {
            _violations.Enqueue($"{counter.Key} is gone");
        }
        catch (SuperMassiveException failure)
        {
            if (Failed(failure))
                counter.InDoubt++;
        }
    }

    private async Task CheckAsync(SuperMassiveClient client, KeyModel key)
    {
        try
        {
            if (key.Problem(await client.GetAsync(key.Key)) is { } problem)
                _violations.Enqueue(problem);
        }
        catch (SuperMassiveException)
        {
            Interlocked.Increment(ref _readsUnavailable);
        }
    }

    /// <returns>Whether the write may have happened.</returns>
    private bool Failed(SuperMassiveException failure)
    {
        Interlocked.Increment(ref failure.IsIndeterminate ? ref _inDoubt : ref _refused);
        return failure.IsIndeterminate;
    }

    /// <summary>A key that is only counted up, by one.</summary>
    private sealed class Counter(string key)
    {
        private long _acknowledged;

        public string Key => key;

        public int InDoubt { get; set; }

        /// <param name="isAnswer">To an INCR, which is counted itself.</param>
        public string? Problem(string text, bool isAnswer)
        {
            var least = _acknowledged + (isAnswer ? 1 : 0);
            var most = least + InDoubt;
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
                return $"{key} is {text}, expected {least} to {most}";
            _acknowledged = number;
            InDoubt = isAnswer ? 0 : InDoubt;
            return null;
        }
    }
}
