using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SuperMassive.Core;
using SuperMassive.Server.Loop.Epoll;
using SuperMassive.Server.Loop.Memory;
using SuperMassive.Server.Loop.Sockets;

namespace SuperMassive.Server.Loop;

/// <summary>
/// One thread that owns one or more machines and all their channels. Each wake-up is a batch: all that is readable is read
/// once and applied, then every channel that has something to say sends once.
/// </summary>
/// <remarks>
/// All members but <see cref="Post"/>, <see cref="Stop"/> and <see cref="Dispose"/> are for the loop's own thread (in a
/// machine's call or a posted action), or for before it runs.
/// </remarks>
public sealed class EventLoop : IDisposable
{
    /// <summary>The longest wait, so that the machines' deadlines are checked.</summary>
    private const int TickMs = 50;

    /// <summary>How many rounds machines on this loop may talk among themselves before sockets are looked at again.</summary>
    private const int MaxRounds = 8;

    /// <summary>How long <see cref="Stop"/> waits for last bytes to be taken.</summary>
    private const int StopMs = 1_000;

    private const int ReadBufferBytes = 256 << 10;

    /// <summary>
    /// So much is read from sockets before machines on this loop exchange what came of it: what a command touches on its way there and
    /// back then still is in the processor's nearer caches, however many clients are readable at once.
    /// </summary>
    private const int ExchangeBytes = 8 << 10;

    private readonly List<MachineHost> _hosts = [];
    private readonly HashSet<LoopChannel> _channels = [];
    private readonly List<Listener> _listeners = [];
    private readonly Dictionary<string, MemoryListener> _memory = [];
    private readonly Waiter _waiter;
    private readonly PostQueue _posts;
    private List<LoopChannel> _scheduled = [];
    private List<LoopChannel> _running = [];
    private List<LoopChannel> _unflushed = [];
    private List<LoopChannel> _flushing = [];
    private List<LoopChannel> _unflushedMemory = [];
    private readonly ManualResetEventSlim _hasEnded = new(true);
    private int _loopThreadId;
    private long _tickedMs;
    private bool _isInBatch;
    private volatile bool _isStopping;
    private bool _isDisposed;

    public EventLoop(ILogger logger, LoopBackend backend = LoopBackend.Default)
    {
        Logger = logger;
        if (backend == LoopBackend.Default)
        {
            var forced = Environment.GetEnvironmentVariable("SUPERMASSIVE_LOOP") == "sockets";
            backend = OperatingSystem.IsLinux() && !forced ? LoopBackend.Epoll : LoopBackend.Sockets;
        }
        _waiter = backend == LoopBackend.Epoll ? new EpollWaiter() : new SignalWaiter();
        _posts = new PostQueue(_waiter.Wake);
        ReadClocks();
    }

    internal ILogger Logger { get; }

    internal Deadlines Deadlines { get; } = new();

    /// <summary>One buffer for every read: an idle connection holds none.</summary>
    internal byte[] ReadBuffer { get; } = GC.AllocateUninitializedArray<byte>(ReadBufferBytes, pinned: true);

    /// <summary>The wall clock at this wake-up.</summary>
    internal long UnixMs { get; private set; }

    internal long MonotonicMs { get; private set; }

    /// <summary>Bytes that machines were handed since they last exchanged anything.</summary>
    internal long DeliveredBytes { get; set; }

    /// <summary>The same clock as finely as it goes, for measuring.</summary>
    internal long MonotonicUs { get; private set; }

    /// <summary>Told the monotonic time in milliseconds after every turn, on the loop's thread. Must not block.</summary>
    internal Action<long>? Turned { get; set; }

    private bool HasWork => _scheduled.Count + _unflushed.Count + _unflushedMemory.Count > 0 || !_posts.IsEmpty;

    /// <summary>Hosts <paramref name="machine"/>: from now on it gets its batches.</summary>
    public void Add(IStateMachine machine)
    {
        var host = new MachineHost(this, machine);
        _hosts.Add(host);
        if (_isInBatch)
            host.Begin();
    }

    /// <summary>Accepts connections for <paramref name="machine"/>, which was added before.</summary>
    /// <exception cref="IOException">The address cannot be listened on; the message names it and says why.</exception>
    public Listener Listen(IStateMachine machine, ListenOptions options)
    {
        var host = HostOf(machine);
        Listener listener = MemoryListener.IsMemory(options.Address)
            ? new MemoryListener(this, host, options, _memory)
            : options.Tls is null && _waiter is EpollWaiter epoll
                ? new EpollListener(this, host, options, epoll)
                : new SocketListener(this, host, options);
        _listeners.Add(listener);
        return listener;
    }

    /// <summary>
    /// Connects <paramref name="machine"/>, which was added before, to a peer. Never blocks; <see cref="IStateMachine.Opened"/>
    /// or <see cref="IStateMachine.Closed"/> follows, never within this call.
    /// </summary>
    public Channel Connect(IStateMachine machine, PeerAddress peer, bool gated = false)
    {
        var plan = new ChannelPlan(this, HostOf(machine), peer.Address, peer.BufferBytes, gated, new Limits()) { Target = peer };
        if (MemoryListener.IsMemory(peer.Address))
            return MemoryChannel.Connect(plan, _memory.GetValueOrDefault(peer.Address));
        if (!peer.UseTls && _waiter is EpollWaiter epoll)
            return EpollChannel.Connect(plan, epoll);
        return StreamChannel.Connect(plan);
    }

    /// <summary>
    /// Runs <paramref name="action"/> on the loop's thread, within a batch of every machine. From any thread. Actions of one
    /// thread keep their order; an exception ends the loop. Once the loop has ended nothing is run any more.
    /// </summary>
    public void Post(Action action) => _posts.Add(action, Environment.CurrentManagedThreadId == _loopThreadId);

    /// <summary>Runs on this thread until <see cref="Stop"/>; then everything is closed.</summary>
    public void Run()
    {
        _loopThreadId = Environment.CurrentManagedThreadId;
        _hasEnded.Reset();
        try
        {
            while (!_isStopping)
                Turn();
            ShutChannels();
        }
        catch (Exception e)
        {
            Log.LoopFailed(Logger, e);
            throw;
        }
        finally
        {
            ReleaseAll();
            _hasEnded.Set();
        }
    }

    /// <summary>
    /// Ends <see cref="Run"/> after what was released has been sent, or after a second. The machines are told nothing of it.
    /// From any thread.
    /// </summary>
    public void Stop()
    {
        _isStopping = true;
        Post(static () => { });
    }

    /// <summary>Runs on a thread of its own.</summary>
    public Thread Start(string name)
    {
        var thread = new Thread(Run) { Name = name };
        _hasEnded.Reset();
        thread.Start();
        return thread;
    }

    /// <summary>Stops, waits until <see cref="Run"/> has ended, and gives everything back. Not from the loop's own thread.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        Stop();
        _hasEnded.Wait();
        ReleaseAll();
        _waiter.Dispose();
    }

    internal void Remember(LoopChannel channel) => _channels.Add(channel);

    internal void Forget(LoopChannel channel) => _channels.Remove(channel);

    /// <summary>Has the channel run within the next round.</summary>
    internal void Schedule(LoopChannel channel)
    {
        if (channel.MarkScheduled())
            _scheduled.Add(channel);
    }

    internal void QueueFlush(LoopChannel channel) => (channel is MemoryChannel ? _unflushedMemory : _unflushed).Add(channel);

    private MachineHost HostOf(IStateMachine machine) =>
        _hosts.Find(h => h.Machine == machine) ?? throw new InvalidOperationException("the machine was not added to this loop");

    private void Turn()
    {
        _waiter.Wait(HasWork ? 0 : TickMs);
        ReadClocks();
        _isInBatch = true;
        foreach (var host in _hosts)
            host.Begin();
        while (_waiter.DispatchNext())
        {
            if (DeliveredBytes >= ExchangeBytes && _unflushedMemory.Count > 0)
                Exchange();
        }
        _posts.Run();
        if (MonotonicMs - _tickedMs >= TickMs)
        {
            _tickedMs = MonotonicMs;
            Deadlines.Expire(MonotonicMs);
        }
        Exchange();
        FlushSockets();
        Turned?.Invoke(MonotonicMs);
    }

    /// <summary>
    /// Lets machines on this loop answer each other before their clients are sent to, so that a client's reply leaves in the
    /// same wake-up as its command arrived.
    /// </summary>
    private void Exchange()
    {
        RunScheduled();
        EndBatches();
        for (var round = 0; round < MaxRounds; round++)
        {
            Flush(ref _unflushedMemory);
            if (_scheduled.Count == 0)
                break;
            RunScheduled();
            EndBatches();
        }
        DeliveredBytes = 0;
    }

    private void FlushSockets() => Flush(ref _unflushed);

    private void Flush(ref List<LoopChannel> queue)
    {
        if (queue.Count == 0)
            return;
        var flushing = queue;
        queue = _flushing;
        foreach (var channel in flushing)
            channel.Flush();
        flushing.Clear();
        _flushing = flushing;
    }

    private void RunScheduled()
    {
        if (_scheduled.Count == 0)
            return;
        (_running, _scheduled) = (_scheduled, _running);
        foreach (var channel in _running)
            channel.RunScheduled();
        _running.Clear();
    }

    private void EndBatches()
    {
        _isInBatch = false;
        foreach (var host in _hosts)
            host.End();
    }

    private void ReadClocks()
    {
        UnixMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        MonotonicMs = Environment.TickCount64;
        MonotonicUs = Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);
    }

    private void ShutChannels()
    {
        CloseListeners();
        foreach (var channel in _channels.ToArray())
            channel.Shut();
        for (var untilMs = Environment.TickCount64 + StopMs; Environment.TickCount64 < untilMs; Turn())
        {
            if (!HasWork && _channels.All(c => c.State is not ChannelState.Closing))
                return;
        }
    }

    private void CloseListeners()
    {
        foreach (var listener in _listeners)
            listener.Close();
        _listeners.Clear();
    }

    private void ReleaseAll()
    {
        CloseListeners();
        foreach (var channel in _channels.ToArray())
            channel.Drop(reset: channel.State is not ChannelState.Draining);
    }
}
