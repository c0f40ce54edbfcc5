using SuperMassive.Core.Links;
using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>
/// The coordinator: takes clients' commands, gives writes their versions, spreads them over the primaries and answers in order. It
/// holds no data, only what it remembers of where data is.
/// </summary>
/// <remarks>
/// How each command is carried out stands in a file of its own: <see cref="Cluster.Puts"/>, <see cref="Cluster.Reads"/>,
/// <see cref="Cluster.Deletes"/>, <see cref="Cluster.Counts"/>, <see cref="Cluster.Scans"/>; which of them may overlap on one key in
/// <see cref="KeyOrder"/>, and what outlives the process in <see cref="Cluster.StateFile"/>. This one connects them.
/// </remarks>
public sealed class ClusterCore : IStateMachine
{
    private readonly IClusterEffects _effects;
    private readonly ClientPort _clients;
    private readonly CatchUp _catchUp;
    private readonly Stack<Operation> _pool = new();
    private readonly long _hashSeed;
    private long _lastSession;
    private long _nextTickMs;
    private long _startedMs = -1;

    public ClusterCore(ClusterSettings settings, ClusterState state, IClusterEffects effects)
    {
        _effects = effects;
        Settings = settings;
        Watch = new CommandWatch(this, effects);
        StateFile = new StateFile(this, state, effects);
        Hints = new KeyHints(settings.HintCapacity);
        _hashSeed = KeyHash.SeedFrom(settings.SharedKey);
        Members = new Membership(this);
        Gather = new Gather(this);
        Drops = new Drops(this);
        Reads = new Reads(this);
        Puts = new Puts(this);
        Deletes = new Deletes(this);
        Counts = new Counts(this);
        Purger = new Purger(this);
        Sweeper = new Sweeper(this);
        _catchUp = new CatchUp(this);
        Scans = new Scans(this);
        StatisticsFlow = new StatisticsFlow(this);
        ReloadFlow = new ReloadFlow(this);
        Order = new KeyOrder(this);
        Replies = new ReplyRouter(this);
        _clients = new ClientPort(this);
        Members.Configure(settings.Shards);
    }

    public bool IsDrained => IsDraining && _clients.IsIdle;

    /// <summary>For health: at least one primary takes writes.</summary>
    public bool IsReady => Problem is null;

    /// <summary>Why it should get no work now, or null.</summary>
    public string? Problem => IsSuperseded ? "superseded by a newer cluster process"
        : Members.HealthyCount == 0 ? "no primary node is healthy"
        : null;

    /// <summary>All figures of this moment, for another thread to read. Allocates.</summary>
    public ClusterFigures Figures() => new()
    {
        Commands = Watch.Meter.Figures(),
        Links = [.. Members.Links().Select(link => link.Figures)],
        Connections = _clients.Count,
        PendingCommands = _clients.Pending,
        Primaries = Members.Shards.Count,
        HealthyPrimaries = Members.HealthyCount,
        IsSuperseded = IsSuperseded,
        Hints = Hints.Count,
        HintHits = Statistics.HintHits,
        Gathers = Statistics.Gathers,
        FailOvers = Statistics.FailOvers,
        SlowCommands = Watch.SlowCommands,
    };

    internal IEffects Effects => _effects;

    internal ClusterSettings Settings { get; private set; }

    internal StateFile StateFile { get; }

    internal ClusterState State => StateFile.State;

    internal HybridClock Clock => StateFile.Clock;

    internal KeyHints Hints { get; }

    internal AbsentKeys Absent { get; } = new();

    internal KeyTable Keys { get; } = new();

    internal WritesUnderWay Writes { get; } = new();

    internal WideReads WideReads { get; } = new();

    internal Router Router { get; } = new();

    internal Membership Members { get; }

    internal Gather Gather { get; }

    internal Drops Drops { get; }

    internal Reads Reads { get; }

    internal Puts Puts { get; }

    internal Deletes Deletes { get; }

    internal Counts Counts { get; }

    internal Purger Purger { get; }

    internal Sweeper Sweeper { get; }

    internal Scans Scans { get; }

    internal StatisticsFlow StatisticsFlow { get; }

    internal ReloadFlow ReloadFlow { get; }

    internal KeyOrder Order { get; }

    internal ReplyRouter Replies { get; }

    internal ClusterStatistics Statistics { get; } = new();

    internal bool IsDraining { get; private set; }

    internal CommandWatch Watch { get; }

    internal long NowMs { get; private set; }

    internal long UptimeMs => NowMs - _startedMs;

    internal int ClientCount => _clients.Count;

    internal bool IsSuperseded => StateFile.IsSuperseded;

    /// <summary>
    /// Where the hints are, which every command looks up at random: pinned as long as this lives, for a shell that can ask the system
    /// for larger pages.
    /// </summary>
    public ReadOnlySpan<byte> HintMemory => Hints.Memory;

    public void BeginBatch(long unixMs, long monotonicMs)
    {
        NowMs = monotonicMs;
        Watch.Meter.NowUs = monotonicMs * 1_000;
        if (_startedMs < 0)
            _startedMs = monotonicMs;
        StateFile.Tick(unixMs);
        Members.Tick(monotonicMs);
        _clients.Tick(monotonicMs);
        if (monotonicMs < _nextTickMs)
            return;
        _nextTickMs = monotonicMs + 10;
        Counts.Tick();
        Drops.Tick();
        Purger.Tick();
        Sweeper.Tick();
        _catchUp.Tick();
    }

    public void MeasureAt(long monotonicUs) => Watch.Meter.NowUs = monotonicUs;

    public void Accepted(Channel channel) => _clients.Accepted(channel, refuse: IsDraining);

    public void Opened(Channel channel) => ((PeerLink)channel.Owner!).Opened();

    public int Received(Channel channel, ReadOnlySpan<byte> bytes) =>
        channel.Owner is PeerLink link ? link.Received(bytes) : _clients.Received((ClientSession)channel.Owner!, bytes);

    public void Closed(Channel channel, string reason)
    {
        if (channel.Owner is PeerLink link)
            link.Lost(reason);
        else if (channel.Owner is ClientSession session)
            _clients.Forget(session);
    }

    public bool Ended(Channel channel) => channel.Owner is ClientSession session && _clients.Ended(session);

    public void EndBatch()
    {
    }

    public void BeginDrain() => IsDraining = true;

    /// <summary>Answers SaveState.</summary>
    public void StateSaved(ClusterState saved)
    {
        StateFile.Saved(saved);
        Order.ResumeParked();
    }

    /// <summary>Answers SaveState as well.</summary>
    public void StateSaveFailed(string why) => StateFile.SaveFailed(why);

    /// <summary>Answers LoadSettings: either new settings or what is wrong with the file.</summary>
    public void SettingsLoaded(ClusterSettings? settings, string? error) => ReloadFlow.Loaded(settings, error);

    internal ulong HashOf(ReadOnlySpan<byte> key) => KeyHash.Of(key, _hashSeed);

    internal long NextSession() => ++_lastSession;

    internal void LoadSettings() => _effects.LoadSettings();

    /// <summary>Swaps to settings that every process has accepted.</summary>
    internal void Apply(ClusterSettings settings)
    {
        Settings = settings with { Address = Settings.Address, SharedKey = Settings.SharedKey, HintCapacity = Settings.HintCapacity };
        Members.Configure(settings.Shards);
    }

    internal Operation Rent(OperationKind kind, ClientSession? session)
    {
        var operation = _pool.TryPop(out var pooled) ? pooled : new Operation();
        operation.Kind = kind;
        operation.Session = session;
        operation.StartedMs = NowMs;
        operation.StartedUs = Watch.Meter.NowUs;
        return operation;
    }

    internal void Gathered(Operation operation)
    {
        switch (operation.Kind)
        {
            case OperationKind.Get:
                Reads.Gathered(operation);
                break;
            case OperationKind.Count:
                Counts.Gathered(operation);
                break;
            default:
                Complete(operation, Outcome.None);
                break;
        }
    }

    /// <summary>Nothing more is to be done for an operation: answers it, and starts what waited for it.</summary>
    internal void Complete(Operation operation, Outcome outcome, ReadOnlySpan<byte> payload = default)
    {
        operation.IsFinished = true;
        _clients.Answer(operation, outcome, payload);
        foreach (var follower in operation.Followers)
            Reads.Run(follower);
        operation.Followers.Clear();
        if (operation.State is { } state)
        {
            operation.State = null;
            Order.Pump(state);
            Keys.Release(state);
        }
        Recycle(operation);
    }

    /// <summary>Takes an operation back once it is finished, answered, and owed nothing.</summary>
    internal void Recycle(Operation operation)
    {
        if (!operation.IsFinished || operation.Session is not null || operation.Outstanding > 0)
            return;
        operation.Reset();
        _pool.Push(operation);
    }
}
