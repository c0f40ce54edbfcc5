using SuperMassive.Core;
using SuperMassive.Core.Journal;
using SuperMassive.Core.Node;
using SuperMassive.Simulator.Checking;
using SuperMassive.Simulator.Networking;
using SuperMassive.Simulator.Storage;

namespace SuperMassive.Simulator.Processes;

/// <summary>Recovers a node from its journal file and makes its core; null with the reason when it refuses to start.</summary>
public delegate NodeAdapter? NodeBoot(SimNode node, out string refusal);

/// <summary>A primary or a replica with its journal file.</summary>
public sealed class SimNode(World world, string name, NodeSettings settings, NodeBoot boot)
    : SimProcess(world, name, settings.Address), INodeEffects
{
    private readonly NodeBoot _boot = boot;
    private readonly List<BitFlip> _flips = [];
    private readonly Queue<byte[]> _writtenBehind = new();
    private readonly SimSegments _segments = new();
    private SimCheckpoints? _checkpoints;
    private NodeAdapter? _core;
    private SyncPoint _syncUnderWay;
    private bool _isSyncing;
    private bool _syncFails;
    private bool _hasFailed;

    /// <summary>The process is dead in the middle of a write; what it does until the end of the batch reaches nothing.</summary>
    private bool _isDying;
    private int _powerCuts;

    /// <summary>Bytes were taken away from under an fsync: what it reports is no longer what the mark may claim.</summary>
    private bool _wasCutWhileSyncing;
    private long _wholeLsn;
    private long _queuedLsn;

    public NodeAdapter? Core => IsRunning ? _core : null;

    /// <summary>The bytes of all segments, each at its LSN.</summary>
    public SimFile Journal => _segments.Bytes;

    public long FirstJournalLsn => _segments.FirstLsn;

    /// <summary>Of a replica: whether its primary has seen it in step since its journal was last emptied, begun anew or cut back.</summary>
    public bool WasFilled { get; set; }

    /// <summary>Pages of a segment of the journal.</summary>
    public long SegmentPages { get; init; } = Page.SegmentPages;

    /// <summary>What is known of the journal to have been synced.</summary>
    public SimMark Mark { get; } = new();

    public SimCheckpoints Checkpoints => _checkpoints ??= new SimCheckpoints(this);

    /// <summary>Which boot of its machine this is.</summary>
    public int Boots => _powerCuts;

    public DiskFaults Disk { get; } = new() { SlowestSyncUs = world.Random.Skewed(1_000, 100_000), CanReserve = world.Random.Chance(800) };

    /// <summary>What the configuration file says now; taken at a start and by RCNF.</summary>
    public NodeSettings Settings { get; set; } = settings;

    /// <summary>What is wrong with the configuration file now; null when it can be read.</summary>
    public string? FileProblem { get; set; }

    /// <summary>
    /// Whether an fsync or a write failed in this run, or one that will fail is under way, after which only a new start makes sure of
    /// the file.
    /// </summary>
    public bool NeedsRestart => _hasFailed || (_isSyncing && _syncFails);

    public override bool GatesAccepted => true;

    public JournalFileStatus JournalFileStatus => new("journal", "-rw-------", Journal.Length, "2026-01-01T12:00:00Z", !IsRunning);

    public long JournalRoomBytes => Disk.CanReserve ? Math.Max(0, Disk.CapacityBytes - _queuedLsn) : long.MaxValue;

    public long ReserveJournal(long bytes) => JournalRoomBytes;

    /// <summary>Leaves room for so many bytes more.</summary>
    public void FillDisk(int leftBytes) => Disk.CapacityBytes = _queuedLsn + leftBytes;

    public Channel Connect(PeerAddress peer) => World.Network.Connect(this, peer);

    public void FillRandom(Span<byte> bytes) => Random.Fill(bytes);

    public void Report(CoreEvent what, string subject, string detail) => World.Report(this, what, subject, detail);

    public long WriteJournal(long lsn, ReadOnlySpan<byte> bytes)
    {
        var end = _queuedLsn;
        if (lsn != end)
            throw new InvalidOperationException($"{Name} writes its journal at {lsn}, which ends at {end}");
        Block(bytes.Length / 200 + Disk.ExtraUs);
        if (_isDying)
            return _queuedLsn = lsn + bytes.Length;
        if (Disk.DiesInNextWrite)
        {
            Disk.DiesInNextWrite = false;
            _isDying = true;
            Journal.Write(Journal.Length, bytes[..Random.Between(0, bytes.Length)]);
            CrashBeforeSending();
            return _queuedLsn = lsn + bytes.Length;
        }
        if (Disk.WritesFail || end + bytes.Length > Disk.CapacityBytes)
        {
            Refuse();
            return -1;
        }
        _queuedLsn += bytes.Length;
        if (Settings.JournalMode != JournalMode.Async || Settings.IsReplica)
        {
            Journal.Write(lsn, bytes);
            return _queuedLsn;
        }
        _writtenBehind.Enqueue(bytes.ToArray());
        PostAfter(Random.Skewed(50, 5_000) + Disk.ExtraUs, WriteBehind);
        return Journal.Length;
    }

    public void SyncJournal(long wholeLsn)
    {
        if (_isSyncing)
            throw new InvalidOperationException($"{Name} syncs its journal while a sync is under way");
        _isSyncing = true;
        _wasCutWhileSyncing = false;
        _wholeLsn = wholeLsn;
        _syncUnderWay = Journal.BeginSync();
        _syncFails = Disk.NextSyncFails;
        Disk.NextSyncFails = false;
        var (powerCuts, incarnation) = (_powerCuts, Incarnation);
        var durationUs = Random.Skewed(150, Disk.SlowestSyncUs) + Disk.ExtraUs;
        if (Disk.DuringNextSync is { } harm)
        {
            Disk.DuringNextSync = null;
            World.Scheduler.After(Random.Between(0, durationUs), harm);
        }
        World.Scheduler.After(durationUs, () =>
        {
            if (powerCuts == _powerCuts && incarnation == Incarnation && IsRunning)
                EndSync();
        });
    }

    public void ReadJournal(object reader, long lsn, int maxBytes)
    {
        if (lsn < FirstJournalLsn)
            throw new InvalidOperationException($"{Name} reads its journal at {lsn}, which begins at {FirstJournalLsn}");
        PostAfter(Random.Skewed(20, 400) + Disk.ExtraUs, () => JournalRead(reader, lsn, maxBytes));
    }

    public void TruncateJournal(long lsn)
    {
        WasFilled &= lsn >= Journal.Length;
        Mark.WriteDurably(Math.Min(Mark.SyncedLsn, lsn), Mark.Boot);
        Journal.Truncate(lsn);
        SyncWhole();
    }

    /// <summary>All that is written and all names are on the platter, and the mark says so.</summary>
    public void SyncWhole()
    {
        Journal.CompleteSync(Journal.BeginSync());
        SyncDirectory();
        _queuedLsn = Journal.Length;
        _wasCutWhileSyncing = true;
    }

    public void DropJournalBefore(long lsn)
    {
        var dropped = _segments.DropBefore(lsn);
        World.SegmentsDeleted += dropped;
        if (dropped > 0)
            World.Say($"{Name} deletes {dropped} segments: its journal now begins at {FirstJournalLsn}");
    }

    public void WriteCheckpoint(ReadOnlySpan<byte> bytes) => Checkpoints.Write(bytes);

    public void InstallCheckpoint(long lsn) => Checkpoints.Install(lsn);

    public void AbandonCheckpoint() => Checkpoints.Abandon();

    public void ReadCheckpoint(object reader, long offset, int maxBytes) => PostAfter(Random.Skewed(20, 400) + Disk.ExtraUs, () =>
    {
        var newest = Checkpoints.NewestFirst.FirstOrDefault();
        var bytes = newest is null ? default : newest.File.Written[(int)Math.Min(offset, newest.File.Length)..];
        _core!.CheckpointRead(reader, newest?.Lsn ?? 0, offset, bytes[..Math.Min(maxBytes, bytes.Length)], newest?.File.Length ?? 0);
    });

    public void ResetJournal(long startLsn)
    {
        if (startLsn > 0)
            World.StartedOver++;
        Mark.WriteDurably(startLsn, Boots);
        WasFilled = false;
        Checkpoints.Reset();
        _segments.Reset(startLsn);
        _queuedLsn = startLsn;
        _wasCutWhileSyncing = true;
    }

    public void SyncDirectory()
    {
        _segments.SyncDirectory();
        Checkpoints.SyncDirectory();
    }

    public void LoadSettings() => PostAfter(Random.Skewed(100, 5_000), () =>
        _core!.SettingsLoaded(FileProblem is null ? Settings : null, FileProblem));

    /// <summary>
    /// Flips a bit of what is safely on the disk; found at the next start or when a replica reads it. Of the journal only what the
    /// mark is sure to claim: behind it, damage and what a power cut leaves cannot be told apart (see JournalScan).
    /// </summary>
    public bool FlipSyncedBit()
    {
        var checkpoint = Checkpoints.NewestFirst.FirstOrDefault();
        if (checkpoint is not null && Random.Chance(300))
            return Flip(checkpoint.File, 0, checkpoint.File.Length, $"the checkpoint of LSN {checkpoint.Lsn}");
        return Flip(Journal, (int)FirstJournalLsn, (int)Math.Min(Mark.LowestLsn, Journal.SyncedLength), "the journal");
    }

    /// <summary>Whether a bit of these bytes of the journal has flipped and was not put right.</summary>
    public bool IsDamaged(int from, int count) =>
        _flips.Exists(flip => flip.File == Journal && flip.Index >= from && flip.Index < from + count);

    public void MendPage(int from, ReadOnlySpan<byte> bytes)
    {
        var end = from + bytes.Length;
        Journal.Write(from, bytes);
        _flips.RemoveAll(flip => flip.File == Journal && flip.Index >= from && flip.Index < end);
    }

    /// <summary>The operator puts the damaged file right from a backup.</summary>
    public void RestoreFlippedBits()
    {
        foreach (var flip in Enumerable.Reverse(_flips))
        {
            if (flip.Index < flip.File.Length && flip.File.Written[flip.Index] == flip.Left)
                flip.File.FlipBit(flip.Index * 8L + flip.Bit);
        }
        _flips.Clear();
    }

    /// <summary>Starts as an operator would: what a bit flip damaged is put right from a backup. Nothing else needs him.</summary>
    public void StartWithOperator()
    {
        Start();
        if (IsRunning)
            return;
        RestoreFlippedBits();
        Start();
    }

    /// <summary>The disk was lost, and the operator put a copy of another node's in its place.</summary>
    public void ReplaceDisk(SimNode other)
    {
        ResetJournal(other.FirstJournalLsn);
        Journal.Write(FirstJournalLsn, other.Journal.Written[(int)FirstJournalLsn..]);
        Checkpoints.CopyFrom(other.Checkpoints);
        SyncWhole();
        Mark.WriteDurably(other.Mark.SyncedLsn, Boots);
    }

    /// <summary>Frees what the running core holds.</summary>
    public void Release()
    {
        _core?.Dispose();
        _core = null;
    }

    protected override IStateMachine? Boot(out string refusal)
    {
        _writtenBehind.Clear();
        _hasFailed = _isDying = false;
        _segments.SegmentBytes = SegmentPages * Page.PageBytes;
        Checkpoints.Boot();
        Journal.WriteAgain(Math.Max(FirstJournalLsn, Mark.SyncedLsn));
        _queuedLsn = Journal.Length;
        _core = null;
        _core = _boot(this, out refusal);
        return _core?.Machine;
    }

    protected override void OnCrashed()
    {
        Release();
        if (_isSyncing)
            Journal.CompleteSync(_syncUnderWay);
        _isSyncing = false;
    }

    protected override void OnPowerCut()
    {
        Release();
        _powerCuts++;
        Journal.CutPower(_isSyncing ? _syncUnderWay : default, Random);
        _segments.CutPower(Random);
        Checkpoints.CutPower(Random);
        Mark.CutPower(Random);
        _isSyncing = false;
    }

    protected override void OnStopped()
    {
        if (!NeedsRestart && Journal.SyncedLength < Journal.Length)
        {
            World.Violations.Add(
                new Violation("stop", "", $"{Name} ended in order with {Journal.Length - Journal.SyncedLength} bytes not synced"));
        }
    }

    private void JournalRead(object reader, long lsn, int maxBytes)
    {
        // it may have been dropped meanwhile
        var from = lsn < FirstJournalLsn ? Journal.Length : (int)Math.Min(lsn, Journal.Length);
        _core!.JournalRead(reader, lsn, Journal.Written.Slice(from, Math.Min(maxBytes, Journal.Length - from)));
    }

    private bool Flip(SimFile file, int from, int to, string what)
    {
        if (to <= from)
            return false;
        var index = Random.Between(from, to - 1);
        var bit = Random.Below(8);
        file.FlipBit(index * 8L + bit);
        _flips.Add(new BitFlip(file, index, bit, file.Written[index]));
        World.Say($"{Name}: bit {bit} of byte {index} of {what} flips");
        return true;
    }

    private void EndSync()
    {
        _isSyncing = false;
        var point = _syncUnderWay;
        if (_syncFails)
        {
            _hasFailed = true;
            Journal.FailSync(point, Random);
            Post(() => _core!.JournalFailed("journal: fsync failed: input/output error"));
            return;
        }
        Journal.CompleteSync(point);
        SyncDirectory();
        if (!_wasCutWhileSyncing)
            Mark.Write(Math.Max(Mark.SyncedLsn, Math.Min(point.Length, _wholeLsn)), Boots, Random);
        Post(() => _core!.JournalSynced(point.Length));
    }

    private void Refuse()
    {
        if (!Disk.WritesFail && Disk.CanReserve)
            throw new InvalidOperationException($"{Name} writes more to its journal than there is room for");
        if (Disk.WritesFail || (Settings.JournalMode == JournalMode.Async && !Settings.IsReplica))
        {
            _hasFailed = true;
            _core?.JournalFailed(Disk.WritesFail ? "journal: input/output error" : "journal: no space left on device");
        }
        else
        {
            _core?.JournalFull("journal: no space left on device");
        }
    }

    private void WriteBehind()
    {
        Journal.Write(Journal.Length, _writtenBehind.Dequeue());
        _core!.JournalWritten(Journal.Length);
    }

    private readonly record struct BitFlip(SimFile File, int Index, int Bit, byte Left);
}
