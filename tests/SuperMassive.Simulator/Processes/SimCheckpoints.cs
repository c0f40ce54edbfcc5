using SuperMassive.Simulator.Storage;

namespace SuperMassive.Simulator.Processes;

/// <summary>
/// The checkpoint files of a node and the thread that writes them: every step takes its time, and the process may die or the
/// power fail between any two.
/// </summary>
public sealed class SimCheckpoints(SimNode node)
{
    private readonly List<SimCheckpoint> _files = [];
    private SimFile? _unfinished;
    private string? _failure;
    private long _freeUs;
    private int _resets;

    public IEnumerable<SimCheckpoint> NewestFirst => _files.Where(file => file.IsNamed).OrderByDescending(file => file.Lsn);

    /// <summary>Bytes of all files.</summary>
    public long TotalBytes => NewestFirst.Sum(file => (long)file.File.Length) + (_unfinished?.Length ?? 0);

    public void Write(ReadOnlySpan<byte> bytes)
    {
        _unfinished ??= new SimFile();
        _failure ??= Problem(bytes.Length);
        if (_failure is { } why)
        {
            Fail(why);
            return;
        }
        _unfinished.Write(_unfinished.Length, bytes);
        var totalBytes = _unfinished.Length;
        Then(node.Random.Skewed(20, 3_000), () => node.Post(() => node.Core!.CheckpointWritten(totalBytes)));
    }

    /// <summary>fsync, rename, directory fsync, removal of the older ones.</summary>
    public void Install(long lsn)
    {
        if ((_failure ?? Problem(0)) is { } why)
        {
            Fail(why);
            return;
        }
        var file = _unfinished!;
        _unfinished = null;
        var sync = file.BeginSync();
        Then(node.Random.Skewed(150, node.Disk.SlowestSyncUs), () =>
        {
            file.CompleteSync(sync);
            _files.Add(new SimCheckpoint(lsn, file));
            Then(node.Random.Skewed(150, node.Disk.SlowestSyncUs), () =>
            {
                node.SyncDirectory();
                Then(node.Random.Skewed(20, 1_000), () => Supersede(lsn));
            });
        });
    }

    public void Abandon()
    {
        _unfinished = null;
        _failure = null;
    }

    /// <summary>Removes all of them, durably.</summary>
    public void Reset()
    {
        Abandon();
        _files.Clear();
        _resets++;
    }

    /// <summary>Takes the files of another node in place of its own.</summary>
    public void CopyFrom(SimCheckpoints other)
    {
        Reset();
        foreach (var newest in other.NewestFirst.Take(1))
        {
            var copy = new SimFile();
            copy.Write(0, newest.File.Written);
            copy.CompleteSync(copy.BeginSync());
            _files.Add(new SimCheckpoint(newest.Lsn, copy));
        }
        SyncDirectory();
    }

    /// <summary>What a new run of the process finds.</summary>
    public void Boot()
    {
        Abandon();
        _freeUs = 0;
    }

    public void SyncDirectory()
    {
        _files.RemoveAll(file => !file.IsNamed);
        foreach (var file in _files)
            file.IsNamedDurably = true;
    }

    public void CutPower(SimRandom random)
    {
        Abandon();
        foreach (var file in _files)
        {
            file.IsNamed = random.Chance(500) ? file.IsNamed : file.IsNamedDurably;
            file.File.CutPower(default, random);
        }
        SyncDirectory();
    }

    private void Supersede(long lsn)
    {
        foreach (var older in _files.Where(file => file.Lsn < lsn))
            older.IsNamed = false;
        node.World.CheckpointsInstalled++;
        node.Post(() => node.Core!.CheckpointInstalled(lsn));
    }

    private string? Problem(int bytes) =>
        node.Disk.CheckpointsFail || node.Disk.WritesFail ? "checkpoint.tmp: input/output error"
        : node.Journal.Length + bytes > node.Disk.CapacityBytes ? "checkpoint.tmp: no space left on device"
        : null;

    private void Fail(string why) => Then(node.Random.Skewed(20, 3_000), () => node.Post(() => node.Core!.CheckpointFailed(why)));

    /// <summary>Does a step after those before it; void when the process dies before, and answered as failed when all was reset.</summary>
    private void Then(int durationUs, Action step)
    {
        var (incarnation, resets) = (node.Incarnation, _resets);
        _freeUs = Math.Max(_freeUs, node.World.Scheduler.NowUs) + durationUs + node.Disk.ExtraUs;
        node.World.Scheduler.After(_freeUs - node.World.Scheduler.NowUs, () =>
        {
            if (incarnation != node.Incarnation || !node.IsRunning)
                return;
            if (resets == _resets)
                step();
            else
                node.Post(() => node.Core!.CheckpointFailed("the journal began anew"));
        });
    }
}
