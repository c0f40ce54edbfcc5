namespace SuperMassive.Core.Tests.Cores;

/// <summary>A process in a <see cref="CoreWorld"/>: a core, its channels, and the completions it waits for.</summary>
internal abstract class WorldProcess(CoreWorld world, string name) : IEffects
{
    private readonly List<WorldChannel> _channels = [];
    private readonly Queue<Action<IStateMachine>> _posts = new();

    public CoreWorld World => world;

    public string Name => name;

    /// <summary>Null while the process is down.</summary>
    public IStateMachine? Core { get; protected set; }

    /// <summary>What the core reported, one line each.</summary>
    public List<string> Reports { get; } = [];

    public IEnumerable<WorldChannel> Channels => _channels;

    /// <summary>What this process accepts waits for release: so it is on nodes.</summary>
    protected virtual bool IsGated => false;

    public abstract void Start();

    public void Post(Action<IStateMachine> input) => _posts.Enqueue(input);

    public Channel Connect(PeerAddress peer)
    {
        var near = new WorldChannel(this, peer.Address, gated: false);
        _channels.Add(near);
        var target = world.Find(peer.Address);
        if (target?.Core is null || world.IsCut(name, peer.Address))
        {
            near.Lose("connection refused");
            return near;
        }
        var far = new WorldChannel(target, name, target.IsGated) { Far = near };
        near.Far = far;
        target._channels.Add(far);
        target.Post(core => core.Accepted(far));
        Post(core => core.Opened(near));
        return near;
    }

    public void FillRandom(Span<byte> bytes) => world.Random.NextBytes(bytes);

    public void Report(CoreEvent what, string subject, string detail) => Reports.Add($"{what} {subject} {detail}");

    /// <summary>One batch: whatever completed or arrived.</summary>
    /// <returns>Whether anything did.</returns>
    public bool Step()
    {
        if (Core is not { } core)
            return false;
        core.BeginBatch(world.UnixMs, world.NowMs);
        var any = _posts.Count > 0;
        for (var count = _posts.Count; count > 0; count--)
            _posts.Dequeue()(core);
        foreach (var channel in _channels.ToArray())
            any |= channel.Deliver(core);
        core.EndBatch();
        foreach (var channel in _channels.ToArray())
            any |= channel.Flush();
        _channels.RemoveAll(channel => !channel.IsOpen);
        return any || _posts.Count > 0;
    }

    /// <summary>kill -9: connections break, nothing in memory remains.</summary>
    public virtual void Crash()
    {
        Core = null;
        _posts.Clear();
        foreach (var channel in _channels)
            channel.Abort();
        _channels.Clear();
    }
}
