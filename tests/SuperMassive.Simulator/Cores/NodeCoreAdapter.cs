using System.Text;
using SuperMassive.Core;
using SuperMassive.Core.Node;
using SuperMassive.Core.Storage;
using SuperMassive.Simulator.Processes;

namespace SuperMassive.Simulator.Cores;

/// <summary>The real node under <see cref="SimNode"/>.</summary>
public sealed class NodeCoreAdapter : NodeAdapter
{
    private const int EntriesPerScan = 256;

    private readonly NodeCore _core;

    private NodeCoreAdapter(NodeCore core) => _core = core;

    public override IStateMachine Machine => _core;

    public NodeFigures Figures() => _core.Figures();

    /// <summary>
    /// Recovers as a real shell does: a torn tail is cut off, damaged pages are fetched from a replica, and what is still damaged then
    /// refuses the start.
    /// </summary>
    public static NodeAdapter? Boot(SimNode node, out string refusal) =>
        NodeRecoveryRun.Recover(node, out refusal) is { } recovery
            ? new NodeCoreAdapter(new NodeCore(node.Settings, recovery, node))
            : null;

    public override void JournalWritten(long lsn) => _core.JournalWritten(lsn);

    public override void JournalSynced(long lsn) => _core.JournalSynced(lsn);

    public override void JournalFailed(string why) => _core.JournalFailed(why);

    public override void JournalFull(string why) => _core.JournalFull(why);

    public override void JournalRead(object reader, long lsn, ReadOnlySpan<byte> bytes) => _core.JournalRead(reader, lsn, bytes);

    public override void CheckpointWritten(long totalBytes) => _core.CheckpointWritten(totalBytes);

    public override void CheckpointInstalled(long lsn) => _core.CheckpointInstalled(lsn);

    public override void CheckpointFailed(string why) => _core.CheckpointFailed(why);

    public override void CheckpointRead(object reader, long lsn, long offset, ReadOnlySpan<byte> bytes, long totalBytes) =>
        _core.CheckpointRead(reader, lsn, offset, bytes, totalBytes);

    public override void SettingsLoaded(NodeSettings? settings, string? error) => _core.SettingsLoaded(settings, error);

    public override void ReadTable(List<HeldKey> into)
    {
        var cursor = 0UL;
        do
        {
            cursor = _core.Data.Table.Scan(cursor, EntriesPerScan, (in Entry entry) => into.Add(new HeldKey(
                Encoding.ASCII.GetString(entry.Key), entry.Version, entry.IsTombstone ? null : Encoding.ASCII.GetString(entry.Value))));
        }
        while (cursor != 0);
    }

    public override byte[] ReadDigests()
    {
        var digests = new byte[TableDigests.Bytes];
        _core.Data.Digests.Write(digests);
        return digests;
    }

    public override byte[] RecountDigests()
    {
        var recounted = new TableDigests();
        var table = _core.Data.Table;
        var cursor = 0UL;
        do
            cursor = table.Scan(cursor, EntriesPerScan, (in Entry entry) => recounted.Add(table.Hash(entry.Key), entry));
        while (cursor != 0);
        var digests = new byte[TableDigests.Bytes];
        recounted.Write(digests);
        return digests;
    }

    /// <summary>Forgets one of the entries, or replaces it by an older deletion.</summary>
    /// <returns>Its key, or null when there is none.</returns>
    public string? Rot(SimRandom random)
    {
        var held = new List<HeldKey>();
        ReadTable(held);
        if (held.Count == 0)
            return null;
        var (key, version, _) = random.Pick(held);
        if (random.Chance(500))
            _core.Data.Forget(Encoding.ASCII.GetBytes(key));
        else
            _core.Data.Replace(new Entry(Encoding.ASCII.GetBytes(key), default, new Version(version.Value - 1), isTombstone: true));
        return key;
    }

    public override long DifferencesFound => _core.Figures().Replicas.Sum(replica => replica.Comparison.Found);

    public override void Dispose()
    {
        _core.Data.Dispose();
        base.Dispose();
    }
}
