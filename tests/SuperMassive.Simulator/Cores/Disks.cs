using SuperMassive.Core;
using SuperMassive.Core.Cluster;
using SuperMassive.Core.Storage;
using SuperMassive.Simulator.Checking;
using SuperMassive.Simulator.Networking;
using SuperMassive.Simulator.Processes;

namespace SuperMassive.Simulator.Cores;

/// <summary>Whole disks and memories go bad, and an operator does what the documentation says about it.</summary>
internal sealed class Disks(World world, Plan plan, Layout layout)
{
    private readonly SimRandom _random = world.Random.Fork();
    private readonly int _acks = plan.ReplicaAcks;

    /// <summary>Keys that some replica's table lacks or shows as deleted, or did at some time, each with the moment when that began.</summary>
    private readonly Dictionary<string, long> _rottenSinceUs = [];

    /// <summary>Links of cluster processes that ended so far: while none does, no replica answers for its primary.</summary>
    private long _linksDown;

    /// <summary>From here on nothing goes bad any more.</summary>
    public bool IsHealing { get; set; }

    /// <summary>
    /// To be told of every report. A primary that reports a replica to be in step has its acknowledgement; the replica says so of itself
    /// before it has written.
    /// </summary>
    public void Reported(SimProcess process, CoreEvent what, string subject)
    {
        if (what == CoreEvent.ReplicaInSync && process != world.Network.Find(subject) && world.Network.Find(subject) is SimNode replica)
            replica.WasFilled = true;
        if (what == CoreEvent.LinkDown && process is SimCluster)
            _linksDown++;
    }

    /// <summary>A primary goes on with a copy of the disk of the replica that holds most, among as many as must include one that has all.</summary>
    public bool Lose(LaidShard shard)
    {
        if (!shard.IsConfigured || !shard.Primary.IsRunning)
            return false;
        if (_random.Chance(600))
            CutOff(shard);
        else
            LoseNow(shard, downsInStep: null);
        return true;
    }

    /// <summary>A replica begins with an empty disk; so does a primary where nothing keeps it from taking all back.</summary>
    public bool Empty(LaidShard shard)
    {
        if (!shard.IsConfigured || shard.Replicas.Count == 0)
            return false;
        if (!plan.EmptiesPrimaries)
            return Empty(_random.Pick(shard.Replicas));
        // one that is stuck in writes to its slow disk has all, and answers nobody in time: a primary that comes back empty goes on without it
        if (!shard.IsInStep || !shard.Replicas.TrueForAll(replica => replica.IsRunning && replica.BlockedForUs < plan.PeerTimeoutMs * 1_000L / 4))
            return false;
        if (_random.Chance(200))
            return Empty(_random.Pick(shard.Replicas));
        if (_random.Chance(500))
            SlowDown(shard.Replicas);
        return Empty(shard.Primary);
    }

    /// <summary>An entry of a replica's table is forgotten, or replaced by an older one.</summary>
    public bool Rot(LaidShard shard)
    {
        if (!shard.IsConfigured || shard.Replicas.Count == 0
            || _random.Pick(shard.Replicas) is not { Core: NodeCoreAdapter core, Name: var name } replica || core.Rot(_random) is not { } key)
            return false;
        _rottenSinceUs.TryAdd(key, world.Scheduler.NowUs);
        world.Say($"{name}: the entry of {key} in its table is not what it was");
        // a comparison is due a minute after the last one, or at once when they meet anew
        foreach (var channel in world.Network.Connections.Where(channel => channel.Process == shard.Primary && channel.Peer == replica.Address))
            Network.Reset(channel);
        return true;
    }

    /// <summary>
    /// While a primary is away its replica tells by its table what is there, and nobody can know that this is wrong: a read, or an INCR, may
    /// find the key missing. DEL asks primaries only.
    /// </summary>
    public bool MayBeMistaken(Operation operation) =>
        (operation.Kind == OperationKind.Get || operation is { Kind: OperationKind.Add, Outcome: Outcome.NotFound })
        && _rottenSinceUs.TryGetValue(operation.Key, out var sinceUs) && operation.ReturnUs >= sinceUs;

    /// <summary>The cluster process starts with an empty state file.</summary>
    public bool LoseState(SimCluster cluster)
    {
        // versions may be ahead of the clock: what a primary that is away holds may be newer than what is assigned without knowing of it
        if (cluster.Core is not ClusterCoreAdapter { HasAllPrimaries: true })
            return false;
        world.Say($"{cluster.Name} loses its state file");
        cluster.Crash();
        // with one primary, which knows all versions, the clock may go back as well
        if (layout.Configured.Count() == 1 && _random.Chance(500))
            cluster.Clock.OffsetMs -= _random.Between(0, 3_600_000);
        cluster.TakeOver(new ClusterState(_random.Next(), 0, Version.None, Version.None));
        world.Scheduler.After(_random.Skewed(1_000, 1_000_000), cluster.Start);
        return true;
    }

    /// <summary>Taking everything back takes its time, though less than anybody waits for an answer.</summary>
    private void SlowDown(List<SimNode> replicas)
    {
        foreach (var replica in replicas)
            replica.Disk.ExtraUs = _random.Between(10_000, 100_000);
        world.Scheduler.After(4_000_000, () =>
        {
            foreach (var replica in replicas)
                replica.Disk.ExtraUs = 0;
        });
    }

    private bool Empty(SimNode node)
    {
        if (!node.IsRunning)
            return false;
        world.Say($"{node.Name} goes on with an empty disk");
        node.Crash();
        node.ResetJournal(0);
        world.Scheduler.After(_random.Skewed(1_000, 3_000_000), node.Start);
        return true;
    }

    /// <summary>Before the disk is lost nothing reaches its replicas, or one of them, for a while.</summary>
    private void CutOff(LaidShard shard)
    {
        long? downsInStep = shard.IsInStep ? _linksDown : null;
        var replicas = shard.Replicas.Where(replica => !world.Network.IsBlocked(shard.Primary, replica)).ToList();
        if (replicas.Count > 1 && _random.Chance(_acks > 1 ? 800 : 300))
            replicas.RemoveAt(_random.Below(replicas.Count));
        foreach (var replica in replicas)
            world.Network.Block(shard.Primary, replica);
        world.Say($"nothing passes from {shard.Primary.Name} to {replicas.Count} of its replicas");
        world.Scheduler.After(_random.Between(5_000, 1_500_000), () =>
        {
            LoseNow(shard, downsInStep);
            foreach (var replica in replicas)
                world.Network.Unblock(shard.Primary, replica);
        });
    }

    /// <param name="downsInStep">Links of clusters that had ended when all replicas were in step last; null when that is not known.</param>
    private void LoseNow(LaidShard shard, long? downsInStep)
    {
        // nor is it any of these when the one that has all was taken out of the configuration since
        var mayBeOut = shard.Spare is { Journal.Length: > 0 } spare && !shard.Replicas.Contains(spare);
        if (IsHealing || mayBeOut || !shard.IsConfigured || !shard.Primary.IsRunning)
            return;
        var byLength = shard.Replicas.Where(replica => replica.FirstJournalLsn == 0 || replica.Checkpoints.NewestFirst.Any())
            .OrderByDescending(replica => CommonLsn(shard.Primary, replica)).ThenByDescending(replica => replica.Journal.Length).ToList();
        var alsoLost = PickAlsoLost(shard, byLength, mayBeLongest: downsInStep == _linksDown);
        if (byLength.Find(replica => !alsoLost.Contains(replica)) is not { Journal.Length: > 0 } best)
            return;
        world.Say($"{shard.Primary.Name} loses its disk and goes on with {best.Name}'s");
        shard.Primary.Crash();
        shard.Primary.ReplaceDisk(best);
        foreach (var replica in alsoLost.Where(_ => _random.Chance(900)))
            Empty(replica);
        world.Scheduler.After(_random.Skewed(1_000, 3_000_000), shard.Primary.Start);
    }

    /// <summary>That many more disks may be lost, and there is still one with all that was answered.</summary>
    /// <param name="mayBeLongest">
    /// Whether the one that holds most may be among them: it must not have answered for its primary what the others have not acknowledged.
    /// </param>
    private List<SimNode> PickAlsoLost(LaidShard shard, List<SimNode> byLength, bool mayBeLongest)
    {
        var alsoLost = new List<SimNode>();
        // a disk that was lost and is not yet filled again is still one of those that may be
        if (layout.HasSpares || shard.Replicas.Exists(replica => !replica.WasFilled))
            return alsoLost;
        var left = byLength.Skip(mayBeLongest ? 0 : 1).ToList();
        for (var count = Math.Min(_acks, shard.Replicas.Count) - 1; count > 0 && alsoLost.Count < byLength.Count - 1; count--)
        {
            var index = _random.Below(left.Count);
            alsoLost.Add(left[index]);
            left.RemoveAt(index);
        }
        return alsoLost;
    }

    /// <summary>Up to where a replica's journal is its primary's: what it holds beyond may be of a history that the primary left.</summary>
    private static long CommonLsn(SimNode primary, SimNode replica)
    {
        var first = (int)Math.Max(primary.FirstJournalLsn, replica.FirstJournalLsn);
        return first > primary.Journal.Length || first > replica.Journal.Length
            ? 0
            : first + primary.Journal.Written[first..].CommonPrefixLength(replica.Journal.Written[first..]);
    }
}
