using System.Text;
using SuperMassive.Core;
using SuperMassive.Core.Journal;
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

    /// <summary>Recovers as a real shell does: a torn tail is cut off, damage before intact data refuses the start.</summary>
    public static NodeAdapter? Boot(SimNode node, out string refusal)
    {
        refusal = "";
        var recovery = new NodeRecovery(KeyHash.SeedFrom(node.Settings.SharedKey));
        var scan = new JournalScan();
        scan.Feed(node.Journal.Written, recovery.Apply);
        var verdict = scan.Finish();
        if (verdict.State == JournalState.Corrupt && !node.AcceptsLoss)
        {
            recovery.Data.Dispose();
            refusal = $"{verdict.Damage} with intact data behind it at {verdict.ValidAfterLsn}";
            return null;
        }
        if (verdict.EndLsn < node.Journal.Length)
            node.TruncateJournal(verdict.EndLsn);
        recovery.Complete(scan.Reader.Id, scan.Reader.Epoch, verdict.EndLsn, scan.Reader.DataBytes);
        return new NodeCoreAdapter(new NodeCore(node.Settings with { CheckpointsEnabled = false }, recovery, node));
    }

    public override void JournalWritten(long lsn) => _core.JournalWritten(lsn);

    public override void JournalSynced(long lsn) => _core.JournalSynced(lsn);

    public override void JournalFailed(string why) => _core.JournalFailed(why);

    public override void JournalRead(object reader, long lsn, ReadOnlySpan<byte> bytes) => _core.JournalRead(reader, lsn, bytes);

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

    public override void Dispose()
    {
        _core.Data.Dispose();
        base.Dispose();
    }
}
