using System.Diagnostics;
using SuperMassive.Core;
using SuperMassive.Server.Loop;

namespace SuperMassive.Cli.Bench;

/// <summary>
/// One thread of load: the server's own event loop, turned around. All that is readable is read once, each connection sends its next
/// commands in one piece.
/// </summary>
internal sealed class LoadWorker : IStateMachine
{
    private const int CheckMs = 50;
    private const int BufferBytes = 16 << 10;

    private readonly EventLoop _loop;
    private readonly LoadPlan _plan;
    private readonly LoadConnection[] _connections;
    private TaskCompletionSource _phase = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Work? _work;
    private int _active;
    private long _checkedMs;

    /// <param name="numbers">Of its connections.</param>
    public LoadWorker(EventLoop loop, LoadPlan plan, IEnumerable<int> numbers)
    {
        _loop = loop;
        _plan = plan;
        _connections = [.. numbers.Select(number => new LoadConnection(this, plan, number))];
        loop.Add(this);
    }

    public Tally Tally { get; } = new();

    public long NowMs { get; private set; }

    public bool IsDrained => true;

    /// <summary>Connects and logs in. From any thread; completes when all connections have, or never when the plan was aborted.</summary>
    public Task ConnectAsync() => BeginAsync(() =>
    {
        var target = _plan.Settings.Target;
        var peer = new PeerAddress(target.Address)
        {
            UseTls = target.UseTls,
            CaCertFile = target.CaCertFile,
            ConnectTimeoutMs = (int)_plan.Settings.ReplyTimeout.TotalMilliseconds,
            WriteTimeoutMs = (int)_plan.Settings.ReplyTimeout.TotalMilliseconds,
            BufferBytes = BufferBytes,
        };
        foreach (var connection in _connections)
            connection.Attach(_loop.Connect(this, peer));
    });

    /// <summary>Has all its connections do a work. From any thread; completes when no reply is awaited any more.</summary>
    public Task RunAsync(Work work) => BeginAsync(() =>
    {
        _work = work;
        var now = Stopwatch.GetTimestamp();
        foreach (var connection in _connections)
        {
            connection.Cursor = 0;
            Fill(connection, now);
        }
    });

    public void CloseAll() => _loop.Post(() =>
    {
        foreach (var connection in _connections)
            connection.Close();
    });

    public void BeginBatch(long unixMs, long monotonicMs)
    {
        NowMs = monotonicMs;
        if (monotonicMs - _checkedMs < CheckMs)
            return;
        _checkedMs = monotonicMs;
        var limitMs = (long)_plan.Settings.ReplyTimeout.TotalMilliseconds;
        foreach (var connection in _connections)
        {
            if (connection is { IsActive: true, PendingCount: > 0 } && monotonicMs - connection.ProgressMs > limitMs)
            {
                connection.Lose($"no reply within {limitMs} ms");
                Leave(connection);
            }
        }
    }

    public void Opened(Channel channel)
    {
        var connection = (LoadConnection)channel.Owner!;
        var target = _plan.Settings.Target;
        if (target.Username.Length == 0)
            Leave(connection);
        else
            connection.SendAuth(target.Username, target.Password, Stopwatch.GetTimestamp());
    }

    public int Received(Channel channel, ReadOnlySpan<byte> bytes)
    {
        var connection = (LoadConnection)channel.Owner!;
        var now = Stopwatch.GetTimestamp();
        connection.ProgressMs = NowMs;
        var consumed = connection.Receive(bytes, now);
        Fill(connection, now);
        return consumed;
    }

    public void Closed(Channel channel, string reason)
    {
        var connection = (LoadConnection)channel.Owner!;
        if (_work is null)
            _plan.Abort(connection.PendingCount > 0 ? $"AUTH was not answered: {reason}" : $"cannot connect to {channel.Peer}: {reason}");
        connection.Lose(reason);
        Leave(connection);
    }

    public void EndBatch()
    {
    }

    public void Accepted(Channel channel) => throw new InvalidOperationException("a load generator does not listen");

    public void BeginDrain()
    {
    }

    private Task BeginAsync(Action begin)
    {
        var phase = _phase = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(() =>
        {
            _active = 0;
            foreach (var connection in _connections)
                _active += (connection.IsActive = !connection.IsLost) ? 1 : 0;
            if (_active == 0)
                phase.TrySetResult();
            else
                begin();
        });
        return phase.Task;
    }

    private void Fill(LoadConnection connection, long now)
    {
        if (!connection.IsActive)
            return;
        var hasMore = _work is not null && !connection.IsLost;
        while (hasMore && connection.PendingCount < _work!.Pipeline)
            hasMore = _work.TrySend(connection, now);
        if (connection.PendingCount == 0)
            Leave(connection);
    }

    private void Leave(LoadConnection connection)
    {
        if (!connection.IsActive)
            return;
        connection.IsActive = false;
        if (--_active == 0)
            _phase.TrySetResult();
    }
}
