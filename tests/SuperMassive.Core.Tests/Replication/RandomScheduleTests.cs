using SuperMassive.Core.Tests.Cores;
using Xunit.Abstractions;

namespace SuperMassive.Core.Tests.Replication;

/// <summary>
/// A primary and its replicas under random crashes, power cuts, lost disks and broken links, at any step of a sync, while the journal
/// is being compacted: once all is mended, every replica is its primary's equal.
/// </summary>
public sealed class RandomScheduleTests(ITestOutputHelper output)
{
    private const int Schedules = 200;

    [Fact]
    public void Every_replica_ends_equal_to_its_primary()
    {
        var totals = new SortedDictionary<string, int>();
        for (var seed = 1; seed <= Schedules; seed++)
        {
            try
            {
                foreach (var (what, count) in new Schedule(seed).Run())
                    totals[what] = totals.GetValueOrDefault(what) + count;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"schedule {seed}: {e.Message}", e);
            }
        }
        foreach (var (what, count) in totals)
            output.WriteLine($"{count,6} {what}");
        Assert.All(Schedule.MustHappen,
            what => Assert.True(totals.GetValueOrDefault(what) >= Schedules / 20, $"{what}: {totals.GetValueOrDefault(what)}"));
    }

    private sealed class Schedule
    {
        public static readonly string[] MustHappen =
            ["started over by checkpoint", "took back pages", "took back a checkpoint", "cut", "killed while starting over"];

        private readonly Random _random;
        private readonly CoreWorld _world;
        private readonly WorldNode _primary;
        private readonly WorldNode[] _replicas;
        private readonly Dictionary<string, int> _counts = [];
        private int _version;

        public Schedule(int seed)
        {
            _random = new Random(seed);
            var replicas = _random.Next(1, 3);
            var retentionBytes = _random.Next(3) == 0 ? 200_000 : 0;
            _world = CoreWorld.Start(nodes: 1, replicas, segmentPages: _random.Next(2) == 0 ? 4 : 16,
                node: settings => settings with { JournalRetentionBytes = retentionBytes });
            _primary = _world.Node(1);
            _replicas = [.. Enumerable.Range(1, replicas).Select(r => (WorldNode)_world.Find($"node-1-replica-{r}")!)];
        }

        public Dictionary<string, int> Run()
        {
            for (var actions = _random.Next(10, 30); actions > 0; actions--)
                Act();
            foreach (var replica in _replicas)
            {
                _world.Mend(_primary.Name, replica.Name);
                replica.FinishSync();
            }
            foreach (var node in _replicas.Prepend(_primary))
                StartIfDown(node);
            _world.Settle();
            _world.Settle();
            CountReports();
            foreach (var replica in _replicas)
                Shards.AssertEqual(_primary, replica);
            var found = _primary.Node.Figures().Replicas.Sum(replica => replica.Comparison.Found);
            Assert.True(found == 0, $"{found} buckets had to be repaired");
            return _counts;
        }

        private void Act()
        {
            var replica = _replicas[_random.Next(_replicas.Length)];
            switch (_random.Next(14))
            {
                case 0 or 1 or 2 or 3:
                    Write(_random.Next(1, 150));
                    break;
                case 4:
                    _world.Cut(_primary.Name, replica.Name);
                    break;
                case 5:
                    _world.Mend(_primary.Name, replica.Name);
                    break;
                case 6:
                    Crash(replica, takesUnsynced: _random.Next(2) == 0);
                    break;
                case 7:
                    Crash(_primary, takesUnsynced: _random.Next(2) == 0);
                    break;
                case 8 when replica.Core is null:
                    replica.ResetJournal(0);
                    break;
                case 9 when _primary.Core is null && _replicas.All(IsConnectable):
                    _primary.ResetJournal(0);
                    StartIfDown(_primary);
                    _world.Pass(3_000);
                    Count("primary lost its disk");
                    break;
                case 10:
                    StartIfDown(replica);
                    break;
                case 11:
                    StartIfDown(_primary);
                    break;
                case 12 when replica.Core is not null:
                    if (replica.HoldsSyncs)
                        replica.FinishSync();
                    else
                        replica.HoldsSyncs = true;
                    break;
                case 13:
                    _world.Reset(_primary.Name, replica.Name);
                    break;
            }
            for (var slices = _random.Next(3) == 0 ? _random.Next(1, 150) : 1; slices > 0; slices--)
                Work();
        }

        /// <summary>Until all is at rest, or something is broken in the middle of it.</summary>
        private void Work()
        {
            _world.Tick();
            while (_world.Step())
            {
                if (Array.Find(_replicas, IsStartingOver) is { } half && _random.Next(4) == 0)
                    Disturb(half);
                if (_random.Next(200) == 0)
                    return;
            }
        }

        private static bool IsStartingOver(WorldNode replica) =>
            replica.Core is not null && replica.FirstJournalLsn > 0 && replica.Checkpoint.IsEmpty;

        private void Disturb(WorldNode replica)
        {
            Count("killed while starting over");
            switch (_random.Next(3))
            {
                case 0:
                    Crash(replica, takesUnsynced: _random.Next(2) == 0);
                    break;
                case 1:
                    Crash(_primary, takesUnsynced: _random.Next(2) == 0);
                    break;
                default:
                    _world.Reset(_primary.Name, replica.Name);
                    break;
            }
        }

        private void Write(int commands)
        {
            if (_primary.Core is null)
                return;
            var client = _world.Client();
            for (; commands > 0; commands--)
            {
                var key = $"key-{_random.Next(60)}";
                var bytes = _random.Next(100) == 0 ? 70_000 : _random.Next(400);
                client.Send(_random.Next(5) == 0 ? $"DEL {key}" : $"PUT {key} {++_version}-{new string('x', bytes)}");
                if (_random.Next(10) == 0)
                    _world.Steps(_random.Next(1, 4));
            }
        }

        private void Crash(WorldNode node, bool takesUnsynced)
        {
            if (node.Core is null)
                return;
            CountReports();
            _world.Crash(node.Name);
            if (takesUnsynced)
                node.TruncateJournal(Math.Max(node.SyncedBytes, node.FirstJournalLsn));
        }

        private void StartIfDown(WorldNode node)
        {
            if (node.Core is not null)
                return;
            _world.Restart(node.Name);
            Assert.True(node == _primary || !node.Node.Figures().IsInSync, "a replica that has just started believes to be in sync");
        }

        /// <summary>Else it would be a stranger to the new journal, which an operator has to settle.</summary>
        private bool IsConnectable(WorldNode replica)
        {
            _world.Mend(_primary.Name, replica.Name);
            StartIfDown(replica);
            return true;
        }

        private void CountReports()
        {
            foreach (var report in _replicas.Prepend(_primary).SelectMany(node => node.Reports))
            {
                if (report.Contains("starting over from the checkpoint", StringComparison.Ordinal))
                    Count("started over by checkpoint");
                if (report.StartsWith("CheckpointInstalled", StringComparison.Ordinal))
                    Count("checkpoints");
                if (report.Contains("took back its checkpoint", StringComparison.Ordinal))
                    Count("took back a checkpoint");
                if (report.Contains("took back", StringComparison.Ordinal) && report.Contains("cutting", StringComparison.Ordinal))
                    Count(report.Contains("took back 0", StringComparison.Ordinal) ? "cut" : "took back pages");
                Assert.DoesNotContain("ProtocolViolation", report, StringComparison.Ordinal);
            }
            foreach (var node in _replicas.Prepend(_primary))
                node.Reports.Clear();
        }

        private void Count(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;
    }
}
