using SuperMassive.Core;
using SuperMassive.Core.Node;
using SuperMassive.Simulator.Networking;
using SuperMassive.Simulator.Storage;

namespace SuperMassive.Simulator.Processes;

/// <summary>Recovers a node from its journal file and makes its core; null with the reason when it refuses to start.</summary>
public delegate NodeAdapter? NodeBoot(SimNode node, out string refusal);

/// <summary>A primary or a replica with its journal file.</summary>
public sealed class SimNode(World world, string name, NodeSettings settings, NodeBoot boot)
    : SimProcess(world, name, settings.Address), INodeEffects
{
    private const int SparedBytes = 5_000;

    private readonly NodeBoot _boot = boot;
    private readonly List<Flip> _flips = [];
    private readonly Queue<byte[]> _writtenBehind = new();
    private NodeAdapter? _core;
    private SyncPoint _syncUnderWay;
    private bool _isSyncing;

    /// <summary>The process is dead in the middle of a write; what it does until the end of the batch reaches nothing.</summary>
    private bool _isDying;
    private int _powerCuts;
    private long _queuedLsn;

    public NodeAdapter? Core => IsRunning ? _core : null;

    public SimFile Journal { get; } = new();

    public DiskFaults Disk { get; } = new() { SlowestSyncUs = world.Random.Skewed(1_000, 100_000) };

    /// <summary>What the configuration file says now; taken at a start and by RCNF.</summary>
    public NodeSettings Settings { get; set; } = settings;

    /// <summary>Whether the operator started it with <c>--accept-loss</c>.</summary>
    public bool AcceptsLoss { get; private set; }

    /// <summary>Whether an fsync or a write failed in this run, after which only a new start makes sure of the file.</summary>
    public bool NeedsRestart { get; private set; }

    public override bool GatesAccepted => true;

    public JournalFileStatus JournalFileStatus => new("journal", "-rw-------", Journal.Length, "2026-01-01T12:00:00Z", !IsRunning);

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
            NeedsRestart |= Disk.WritesFail;
            _core?.JournalFailed(Disk.WritesFail ? "journal: input/output error" : "journal: no space left on device");
            return -1;
        }
        _queuedLsn += bytes.Length;
        if (Settings.JournalMode != JournalMode.Async)
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
        _syncUnderWay = Journal.BeginSync();
        var fails = Disk.NextSyncFails;
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
                EndSync(fails);
        });
    }

    public void ReadJournal(object reader, long lsn, int maxBytes) => PostAfter(Random.Skewed(20, 400) + Disk.ExtraUs, () =>
    {
        var from = (int)Math.Min(lsn, Journal.Length);
        _core!.JournalRead(reader, lsn, Journal.Written.Slice(from, Math.Min(maxBytes, Journal.Length - from)));
    });

    public void TruncateJournal(long lsn)
    {
        Journal.Truncate(lsn);
        Journal.CompleteSync(Journal.BeginSync());
        _queuedLsn = Journal.Length;
    }

    public long FirstJournalLsn => 0;

    public void DropJournalBefore(long lsn) => throw NoCheckpoints();

    public void WriteCheckpoint(ReadOnlySpan<byte> bytes) => throw NoCheckpoints();

    public void InstallCheckpoint(long lsn) => throw NoCheckpoints();

    public void AbandonCheckpoint() => throw NoCheckpoints();

    public void ReadCheckpoint(object reader, long offset, int maxBytes) => throw NoCheckpoints();

    public void ResetJournal(long startLsn) => TruncateJournal(startLsn);

    public void LoadSettings() => PostAfter(Random.Skewed(100, 5_000), () => _core!.SettingsLoaded(Settings, null));

    /// <summary>
    /// Flips a bit of what is safely on the disk; found at the next start or when a replica reads it. The last few pages are spared:
    /// a damaged last record cannot be told from a torn write (see JournalScan), and is cut off.
    /// </summary>
    public bool FlipSyncedBit()
    {
        var flippable = Journal.SyncedLength - SparedBytes;
        if (flippable <= 0)
            return false;
        var index = Random.Below(flippable);
        var bit = Random.Below(8);
        Journal.FlipBit(index * 8L + bit);
        _flips.Add(new Flip(index, bit, Journal.Written[index]));
        World.Say($"{Name}: bit {bit} of journal byte {index} flips");
        return true;
    }

    /// <summary>The operator puts the damaged file right from a backup.</summary>
    public void RestoreFlippedBits()
    {
        foreach (var flip in Enumerable.Reverse(_flips))
        {
            if (flip.Index < Journal.Length && Journal.Written[flip.Index] == flip.Left)
                Journal.FlipBit(flip.Index * 8L + flip.Bit);
        }
        _flips.Clear();
    }

    /// <summary>Starts as an operator would: a damaged file is put right, only a hole left by a power cut is accepted as a loss.</summary>
    public void StartWithOperator()
    {
        Start();
        if (IsRunning)
            return;
        RestoreFlippedBits();
        Start();
        if (IsRunning)
            return;
        AcceptsLoss = true;
        Start();
        AcceptsLoss = false;
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
        NeedsRestart = _isDying = false;
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
        _isSyncing = false;
    }

    private static InvalidOperationException NoCheckpoints() => new("a journal of one file takes no checkpoints");

    private void EndSync(bool fails)
    {
        _isSyncing = false;
        var point = _syncUnderWay;
        if (fails)
        {
            NeedsRestart = true;
            Journal.FailSync(point, Random);
            Post(() => _core!.JournalFailed("journal: fsync failed: input/output error"));
            return;
        }
        Journal.CompleteSync(point);
        Post(() => _core!.JournalSynced(point.Length));
    }

    private void WriteBehind()
    {
        Journal.Write(Journal.Length, _writtenBehind.Dequeue());
        _core!.JournalWritten(Journal.Length);
    }

    private readonly record struct Flip(int Index, int Bit, byte Left);
}
