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
/// <see cref="Cluster.Deletes"/>, <see cref="Cluster.Counts"/>, <see cref="Scans"/>. This one connects clients, flows and links, and
/// decides which operations on one key may overlap.
/// </remarks>
public sealed class ClusterCore : IStateMachine
{
    private readonly IClusterEffects _effects;
    private readonly ClientPort _clients;
    private readonly Scans _scans;
    private readonly StatisticsFlow _statistics;
    private readonly ReloadFlow _reload;
    private readonly CatchUp _catchUp;
    private readonly Stack<Operation> _pool = new();
    private readonly List<Operation> _parked = [];
    private readonly long _hashSeed;
    private long _lastSession;
    private long _nextTickMs;
    private long _startedMs = -1;

    /// <summary>What the file is known to hold; what was raised since is saved as soon as no save is under way.</summary>
    private ClusterState _saved;
    private bool _isSaving;
    private bool _hasJoined;

    public ClusterCore(ClusterSettings settings, ClusterState state, IClusterEffects effects)
    {
        _effects = effects;
        Settings = settings;
        Watch = new CommandWatch(this, effects);
        State = state with { Epoch = state.Epoch + 1 };
        Clock = new HybridClock(state.Ceiling);
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
        _scans = new Scans(this);
        _statistics = new StatisticsFlow(this);
        _reload = new ReloadFlow(this);
        _catchUp = new CatchUp(this);
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

    internal ClusterState State { get; private set; }

    internal HybridClock Clock { get; }

    internal KeyHints Hints { get; }

    internal AbsentKeys Absent { get; } = new();

    internal KeyTable Keys { get; } = new();

    internal WritesUnderWay Writes { get; } = new();

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

    internal ClusterStatistics Statistics { get; } = new();

    internal bool IsDraining { get; private set; }

    internal CommandWatch Watch { get; }

    internal long NowMs { get; private set; }

    internal long UptimeMs => NowMs - _startedMs;

    internal int ClientCount => _clients.Count;

    /// <summary>A newer cluster process has taken over: this one must not say anything about data any more.</summary>
    internal bool IsSuperseded { get; private set; }

    /// <summary>The epoch is saved, so nodes may be told it.</summary>
    internal bool MayJoin { get; private set; }

    public void BeginBatch(long unixMs, long monotonicMs)
    {
        NowMs = monotonicMs;
        Watch.Meter.NowUs = monotonicMs * 1_000;
        if (_startedMs < 0)
            _startedMs = monotonicMs;
        Clock.SetTime(unixMs);
        if (Clock.NeedsCeiling || _saved != State)
            SaveState();
        Members.Tick(monotonicMs);
        _clients.Tick(monotonicMs);
        if (monotonicMs < _nextTickMs)
            return;
        _nextTickMs = monotonicMs + 10;
        Counts.Tick();
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
        _isSaving = false;
        _saved = saved;
        Clock.SetCeiling(saved.Ceiling);
        if (saved.Epoch == State.Epoch && !MayJoin)
        {
            MayJoin = true;
            Members.JoinAll();
        }
        var parked = _parked.ToArray();
        _parked.Clear();
        foreach (var operation in parked)
            Resume(operation);
    }

    /// <summary>Answers SaveState; writes go on until the last saved ceiling and then wait.</summary>
    public void StateSaveFailed(string why)
    {
        _isSaving = false;
        _effects.Report(CoreEvent.JournalFailed, ".cluster-state", why);
    }

    /// <summary>Answers LoadSettings: either new settings or what is wrong with the file.</summary>
    public void SettingsLoaded(ClusterSettings? settings, string? error) => _reload.Loaded(settings, error);

    internal ulong HashOf(ReadOnlySpan<byte> key) => KeyHash.Of(key, _hashSeed);

    internal long NextSession() => ++_lastSession;

    internal void LoadSettings() => _effects.LoadSettings();

    /// <summary>Swaps to settings that every process has accepted.</summary>
    internal void Apply(ClusterSettings settings)
    {
        Settings = settings with { Address = Settings.Address, SharedKey = Settings.SharedKey, HintCapacity = Settings.HintCapacity };
        Members.Configure(settings.Shards);
    }

    internal void Purged(Version through)
    {
        if (through <= State.PurgedThrough)
            return;
        State = State with { PurgedThrough = through };
        SaveState();
    }

    /// <summary>A node obeys a higher epoch. A process that has joined nobody yet is simply the newer one and goes above it.</summary>
    internal void EpochRefused(ShardLink link, long epoch)
    {
        if (_hasJoined)
        {
            if (!IsSuperseded)
                _effects.Report(CoreEvent.Superseded, link.Peer.Address, $"it obeys epoch {epoch}, this process has epoch {State.Epoch}");
            IsSuperseded = true;
            link.Drop("superseded by a newer cluster process");
            return;
        }
        if (epoch >= State.Epoch)
        {
            State = State with { Epoch = epoch + 1 };
            MayJoin = false;
            SaveState();
        }
        link.Drop($"it obeys epoch {epoch}");
    }

    internal void HasJoined() => _hasJoined = true;

    internal Operation Rent(OperationKind kind, ClientSession? session)
    {
        var operation = _pool.TryPop(out var pooled) ? pooled : new Operation();
        operation.Kind = kind;
        operation.Session = session;
        operation.StartedMs = NowMs;
        operation.StartedUs = Watch.Meter.NowUs;
        return operation;
    }

    /// <summary>Begins an operation on a key, or lets it wait for those that it must not overlap.</summary>
    internal void Submit(Operation operation)
    {
        operation.Hash = HashOf(operation.Key);
        var state = Keys.Find(operation.Hash);
        if (operation.Kind == OperationKind.Get)
        {
            if (state is null)
            {
                Reads.Run(operation);
                return;
            }
            if (state.Waiting.Count == 0 && !state.IsExclusive)
            {
                ReadAmongPuts(operation, state);
                return;
            }
        }
        operation.State = Keys.Acquire(operation.Hash);
        operation.State.Waiting.Enqueue(operation);
        Pump(operation.State);
    }

    internal void SubmitScan(Operation operation, long offset, long limit) => _scans.Run(operation, offset, limit);

    internal void SubmitStatistics(Operation operation) => _statistics.Run(operation);

    internal void SubmitReload(Operation operation) => _reload.Run(operation);

    /// <returns>False when the ceiling is reached: the operation goes on by itself once a higher one is saved.</returns>
    internal bool TryAssignVersion(Operation operation)
    {
        if (!Clock.TryNext(out var version))
        {
            _parked.Add(operation);
            SaveState();
            return false;
        }
        operation.Version = version;
        Writes.Add(operation);
        return true;
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
            Pump(state);
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

    internal void OnReply(ShardLink link, in LinkRequest request, in LinkReply reply)
    {
        if (!link.IsReplica)
            link.Shard.Acked(reply.Lsn);
        var operation = request.Operation;
        if (operation is not null)
            operation.Outstanding--;
        switch (request.Kind)
        {
            case LinkRequestKind.Get:
                OnValue(operation!, link, reply);
                break;
            case LinkRequestKind.Put:
                Puts.Replied(operation!, link, reply);
                break;
            case LinkRequestKind.Delete:
                Deletes.Replied(operation!, link, reply);
                break;
            case LinkRequestKind.Add:
                Counts.Replied(operation!, link, reply);
                break;
            case LinkRequestKind.Scan:
                _scans.Replied(operation!, link, reply);
                break;
            case LinkRequestKind.Statistics:
                _statistics.Replied(operation!, link, reply);
                break;
            case LinkRequestKind.CheckSettings or LinkRequestKind.ApplySettings:
                _reload.Replied(operation!, link, request.Kind, reply);
                break;
            case LinkRequestKind.Tombstones:
                request.Admission!.Listed(link, reply);
                break;
            case LinkRequestKind.CopyTombstone or LinkRequestKind.Known when request.Admission is not null:
                request.Admission.Copied(link, request.Kind, reply);
                break;
            case LinkRequestKind.Known:
                Purger.Marked(link, reply);
                break;
            case LinkRequestKind.Versions:
                Sweeper.Listed(link, reply);
                break;
            case LinkRequestKind.Drop or LinkRequestKind.Purge when reply.IsError:
                link.Shard.Missed();
                break;
        }
        if (operation is not null)
            Recycle(operation);
    }

    internal void OnRequestLost(ShardLink link, in LinkRequest request)
    {
        var operation = request.Operation;
        if (operation is not null)
            operation.Outstanding--;
        switch (request.Kind)
        {
            case LinkRequestKind.Get:
                OnValueLost(operation!, link);
                break;
            case LinkRequestKind.Put:
                Puts.Lost(operation!);
                break;
            case LinkRequestKind.Delete:
                Deletes.Lost(operation!);
                break;
            case LinkRequestKind.Add:
                Counts.Lost(operation!, link);
                break;
            case LinkRequestKind.Scan:
                _scans.Lost(operation!, link);
                break;
            case LinkRequestKind.Statistics:
                _statistics.Lost(operation!);
                break;
            case LinkRequestKind.CheckSettings or LinkRequestKind.ApplySettings:
                _reload.Lost(operation!, link, request.Kind);
                break;
            case LinkRequestKind.CopyTombstone or LinkRequestKind.Known when request.Admission is not null:
                request.Admission.CopyLost();
                break;
            case LinkRequestKind.Known:
                Purger.MarkLost();
                break;
            case LinkRequestKind.Versions:
                Sweeper.Lost();
                break;
        }
        if (operation is not null)
            Recycle(operation);
    }

    private void OnValue(Operation operation, ShardLink link, in LinkReply reply)
    {
        if (operation.Step == Step.Gather)
            Gather.Replied(operation, link, reply);
        else if (operation.Kind == OperationKind.Count)
            Counts.ReplicaReplied(operation, reply);
        else
            Reads.Replied(operation, link, reply);
    }

    private void OnValueLost(Operation operation, ShardLink link)
    {
        if (operation.Step == Step.Gather)
            Gather.Lost(operation, link);
        else if (operation.Kind == OperationKind.Count)
            Counts.ReplicaLost(operation);
        else
            Reads.Lost(operation, link);
    }

    /// <summary>
    /// Reads overlap with other connections' PUTs, but a connection's read sees every write that the same connection sent before it.
    /// </summary>
    private void ReadAmongPuts(Operation operation, KeyState state)
    {
        for (var i = state.Puts.Count - 1; i >= 0; i--)
        {
            if (state.Puts[i].Session == operation.Session)
            {
                state.Puts[i].Followers.Add(operation);
                return;
            }
        }
        Reads.Run(operation);
    }

    /// <summary>
    /// Starts what waits on a key, in order, as far as it may overlap with what is under way: PUTs with each other, INCRs in a chain, a
    /// DEL with nothing.
    /// </summary>
    /// <remarks>
    /// What starts may end at once and call this again. Then the loop that is running goes on: the stack must not grow with the queue.
    /// </remarks>
    private void Pump(KeyState state)
    {
        if (state.IsPumping)
            return;
        state.IsPumping = true;
        state.References++;
        while (state.Waiting.TryPeek(out var operation) && MayStart(operation, state))
        {
            state.Waiting.Dequeue();
            switch (operation.Kind)
            {
                case OperationKind.Get:
                    ReadAmongPuts(operation, state);
                    break;
                case OperationKind.Put:
                    Puts.Run(operation);
                    break;
                case OperationKind.Delete:
                    Deletes.Run(operation);
                    break;
                case OperationKind.Count:
                    Counts.Run(operation);
                    break;
            }
        }
        state.IsPumping = false;
        Keys.Release(state);
    }

    private static bool MayStart(Operation operation, KeyState state) => operation.Kind switch
    {
        OperationKind.Get => !state.IsExclusive,
        OperationKind.Put => !state.IsExclusive && !state.IsFollowedBy(operation.Session),
        OperationKind.Delete => !state.IsExclusive && state.Puts.Count == 0,
        _ => state.Puts.Count == 0 && (!state.IsExclusive || Cluster.Counts.CanFollow(state)),
    };

    private void Resume(Operation operation)
    {
        switch (operation.Kind)
        {
            case OperationKind.Put:
                Puts.Start(operation);
                break;
            case OperationKind.Delete:
                Deletes.Start(operation);
                break;
            default:
                Counts.Resume(operation);
                break;
        }
    }

    private void SaveState()
    {
        if (_isSaving)
            return;
        _isSaving = true;
        State = State with { Ceiling = Clock.NextCeiling };
        _effects.SaveState(State);
    }
}
