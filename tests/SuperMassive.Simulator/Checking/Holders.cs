using SuperMassive.Simulator.Processes;

namespace SuperMassive.Simulator.Checking;

/// <summary>What a node holds.</summary>
/// <param name="FirstLsn">The first LSN that its journal still has.</param>
/// <param name="Journal">Bytes by LSN; before the first one, anything.</param>
public sealed record NodeView(string Name, long FirstLsn, byte[] Journal, List<HeldKey> Table)
{
    /// <summary>Of the table, as the node keeps them.</summary>
    public byte[] Digests { get; init; } = [];

    /// <summary>The same, added up from the table.</summary>
    public byte[] Recounted { get; init; } = [];
}

/// <summary>What the tables and journals of all nodes look like once every fault is over and all is quiet.</summary>
public static class Holders
{
    /// <summary>Exactly one live holder per key, and no tombstone left anywhere.</summary>
    public static void CheckPrimaries(IReadOnlyList<(string Node, List<HeldKey> Table)> primaries, List<Violation> into)
    {
        var holders = new Dictionary<string, string>();
        foreach (var (node, table) in primaries)
        {
            foreach (var held in table)
            {
                if (held.Value is null)
                    into.Add(new Violation("tombstones", held.Key, $"{node} still keeps the tombstone {held.Version}"));
                else if (!holders.TryAdd(held.Key, node))
                    into.Add(new Violation("holders", held.Key, $"lives on {holders[held.Key]} and on {node}"));
            }
        }
    }

    /// <summary>
    /// What was read last is what is held. A key with a write nobody heard of is passed over: that write may be on a disk and take
    /// effect later.
    /// </summary>
    public static void CheckValues(
        IReadOnlyList<(string Node, List<HeldKey> Table)> primaries, IEnumerable<Operation> settledReads, List<Violation> into)
    {
        var held = primaries.SelectMany(p => p.Table).Where(h => h.Value is not null).GroupBy(h => h.Key)
            .ToDictionary(g => g.Key, g => g.MaxBy(h => h.Version).Value);
        foreach (var read in settledReads)
        {
            var value = held.GetValueOrDefault(read.Key);
            if (value != read.Result)
                into.Add(new Violation("holders", read.Key, $"was read as {read.Result ?? "absent"}, the nodes hold {value ?? "nothing"}"));
        }
    }

    /// <summary>The digests that a node keeps are those of its table.</summary>
    public static void CheckDigests(NodeView node, List<Violation> into)
    {
        if (!node.Digests.AsSpan().SequenceEqual(node.Recounted))
            into.Add(new Violation("digests", "", $"{node.Name}'s are not those of its table"));
    }

    /// <summary>A replica's journal is its primary's, byte for byte, and so is its table.</summary>
    public static void CheckReplica(NodeView primary, NodeView replica, List<Violation> into)
    {
        var from = (int)Math.Min(Math.Max(primary.FirstLsn, replica.FirstLsn), Math.Min(primary.Journal.Length, replica.Journal.Length));
        var same = from + primary.Journal.AsSpan(from).CommonPrefixLength(replica.Journal.AsSpan(from));
        if (same != primary.Journal.Length || same != replica.Journal.Length)
        {
            into.Add(new Violation("replicas", "",
                $"journal of {replica.Name} ({replica.Journal.Length} bytes) differs "
                + $"from {primary.Name}'s ({primary.Journal.Length}) at byte {same}"));
        }
        if (!primary.Digests.AsSpan().SequenceEqual(replica.Digests))
            into.Add(new Violation("digests", "", $"{replica.Name}'s differ from {primary.Name}'s"));
        var table = replica.Table.ToDictionary(h => h.Key);
        foreach (var held in primary.Table)
        {
            if (!table.Remove(held.Key, out var copy))
                into.Add(new Violation("replicas", held.Key, $"{primary.Name} holds it at {held.Version}, {replica.Name} does not"));
            else if (copy != held)
            {
                into.Add(new Violation("replicas", held.Key,
                    $"{primary.Name} holds {held.Value} at {held.Version}, {replica.Name} {copy.Value} at {copy.Version}"));
            }
        }
        foreach (var surplus in table.Values)
            into.Add(new Violation("replicas", surplus.Key, $"{replica.Name} holds it at {surplus.Version}, {primary.Name} does not"));
    }
}
