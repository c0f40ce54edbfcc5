using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>What is under way on one key (one key hash: a collision only makes two keys wait for each other).</summary>
internal sealed class KeyState
{
    public ulong Hash;

    /// <summary>Operations that refer to it; at zero it is forgotten.</summary>
    public int References;

    /// <summary>PUTs under way. They may overlap: their versions order them.</summary>
    public readonly List<Operation> Puts = [];

    /// <summary>What waits is being started.</summary>
    public bool IsPumping;

    /// <summary>A DEL is under way, alone.</summary>
    public bool IsDeleting;

    /// <summary>INCRs under way: a chain to one holder, each relying on the version that the one before it will make.</summary>
    public int Counts;
    public Operation? FirstCount;
    public Operation? LastCount;
    public Shard? ChainShard;
    public Version ChainVersion;

    /// <summary>The number of the chain: one that broke is followed by another.</summary>
    public int Chain;

    /// <summary>The INCR whose turn has come, and whether such are being started.</summary>
    public Operation? ResumedCount;
    public bool IsResuming;

    /// <summary>Gathers under way; while there are any, nothing of this key is dropped anywhere.</summary>
    public int Gathers;

    /// <summary>The newest version acknowledged while this state existed.</summary>
    public Version Newest;

    public readonly Queue<Operation> Waiting = new();

    public readonly List<DeferredDrop> Drops = [];

    public bool IsExclusive => IsDeleting || Counts > 0;

    public void Enter(Operation count)
    {
        Counts++;
        count.CountBefore = LastCount;
        if (LastCount is { } last)
            last.CountBehind = count;
        else
            FirstCount = count;
        LastCount = count;
    }

    public void Leave(Operation count)
    {
        if (--Counts == 0)
            ChainShard = null;
        if (count.CountBefore is { } before)
            before.CountBehind = count.CountBehind;
        else
            FirstCount = count.CountBehind;
        if (count.CountBehind is { } behind)
            behind.CountBefore = count.CountBefore;
        else
            LastCount = count.CountBefore;
        count.CountBefore = count.CountBehind = null;
    }

    /// <summary>Whether a read of this connection waits for a PUT: what the connection writes next must not be seen by it.</summary>
    public bool IsFollowedBy(ClientSession? session)
    {
        foreach (var put in Puts)
        {
            foreach (var follower in put.Followers)
            {
                if (follower.Session == session)
                    return true;
            }
        }
        return false;
    }
}

/// <param name="Shard">Where the older copy is.</param>
/// <param name="Newest">Where the newer one is.</param>
/// <param name="Scan">The youngest scan that the drop may have to wait for: those that begin later see the newer copy.</param>
internal readonly record struct DeferredDrop(Shard Shard, Shard Newest, byte[] Key, Version OlderThan, long Scan);

/// <summary>The keys on which something is under way.</summary>
internal sealed class KeyTable
{
    private readonly Dictionary<ulong, KeyState> _states = [];
    private readonly Stack<KeyState> _pool = new();

    public int Count => _states.Count;

    public KeyState? Find(ulong hash) => _states.Count == 0 ? null : _states.GetValueOrDefault(hash);

    public KeyState Acquire(ulong hash)
    {
        ref var state = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_states, hash, out var exists);
        if (!exists)
        {
            state = _pool.TryPop(out var pooled) ? pooled : new KeyState();
            state.Hash = hash;
        }
        state!.References++;
        return state;
    }

    public void Release(KeyState state)
    {
        if (--state.References > 0)
            return;
        _states.Remove(state.Hash);
        state.ChainShard = null;
        state.ChainVersion = state.Newest = Version.None;
        _pool.Push(state);
    }
}
