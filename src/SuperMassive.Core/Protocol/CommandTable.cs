using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using System.Text;

namespace SuperMassive.Core.Protocol;

/// <summary>Every command of every port, one row each. A new verb begins here.</summary>
public static class CommandTable
{
    /// <summary>The longest name that a row may have.</summary>
    public const int MaxNameBytes = 16;

    private const int SlotBits = 6;

    private static readonly ImmutableArray<Argument> Key = [Argument.Key];
    private static readonly ImmutableArray<Argument> KeyValue = [Argument.Key, Argument.Value];
    private static readonly ImmutableArray<Argument> Pattern = [Argument.Pattern];

    public static ImmutableArray<CommandRow> Rows { get; } =
    [
        // clients
        new(Verb.Auth, "AUTH", Ports.Cluster, 1, 2, Senders.Anyone, false, Route.Local),
        new(Verb.Put, "PUT", Ports.Cluster, 2, 2, Senders.Client, true, Route.NextPrimary) { Arguments = KeyValue },
        new(Verb.Get, "GET", Ports.Cluster, 1, 1, Senders.Client, false, Route.KeyHolder) { Arguments = Key },
        new(Verb.Del, "DEL", Ports.Cluster, 1, 1, Senders.Client, true, Route.EveryPrimary) { Arguments = Key },
        new(Verb.Incr, "INCR", Ports.Cluster, 1, 2, Senders.Client, true, Route.KeyHolder) { Arguments = Key },
        new(Verb.Decr, "DECR", Ports.Cluster, 1, 2, Senders.Client, true, Route.KeyHolder) { Arguments = Key },
        new(Verb.Regx, "REGX", Ports.Cluster, 1, 3, Senders.Client, false, Route.EveryPrimary) { Arguments = Pattern, ArgumentStep = 2 },
        new(Verb.Stat, "STAT", Ports.Cluster, 0, 0, Senders.Client, false, Route.EveryProcess),
        new(Verb.Rcnf, "RCNF", Ports.Cluster, 0, 0, Senders.Client, false, Route.EveryProcess),

        // what Redis clients call the same
        new(Verb.Put, "SET", Ports.Cluster, 2, 2, Senders.Client, true, Route.NextPrimary) { Arguments = KeyValue },
        new(Verb.Incr, "INCRBY", Ports.Cluster, 2, 2, Senders.Client, true, Route.KeyHolder) { Arguments = Key },
        new(Verb.Decr, "DECRBY", Ports.Cluster, 2, 2, Senders.Client, true, Route.KeyHolder) { Arguments = Key },

        // everybody
        new(Verb.Ping, "PING", Ports.Cluster | Ports.Node | Ports.Replica, 0, 0, Senders.Anyone, false, Route.Local),
        new(Verb.Quit, "QUIT", Ports.Cluster | Ports.Node | Ports.Replica, 0, 0, Senders.Anyone, false, Route.Local),
        new(Verb.Nauth, "NAUTH", Ports.Node | Ports.Replica, 1, 2, Senders.Anyone, false, Route.Local),

        // a cluster process, to a primary and its replicas
        new(Verb.Join, "JOIN", Ports.Node | Ports.Replica, 3, 3, Senders.Cluster, false, Route.Local),
        new(Verb.Get, "GET", Ports.Node | Ports.Replica, 1, 1, Senders.Cluster | Senders.Primary, false, Route.Local) { Arguments = Key },
        new(Verb.Scan, "SCAN", Ports.Node | Ports.Replica, 4, 4, Senders.Cluster, false, Route.Local)
            { Arguments = [Argument.Text, Argument.Pattern, Argument.Cursor] },
        new(Verb.Stat, "STAT", Ports.Node | Ports.Replica, 0, 0, Senders.Cluster, false, Route.Local),
        new(Verb.Rcnf, "RCNF", Ports.Node | Ports.Replica, 1, 1, Senders.Cluster, false, Route.Local),

        // a cluster process, to a primary
        new(Verb.Put, "PUT", Ports.Node, 3, 3, Senders.Cluster, true, Route.Local) { Arguments = KeyValue },
        new(Verb.Del, "DEL", Ports.Node, 2, 2, Senders.Cluster, true, Route.Local) { Arguments = Key },
        new(Verb.Add, "ADD", Ports.Node, 4, 4, Senders.Cluster, true, Route.Local) { Arguments = Key },
        new(Verb.Drop, "DROP", Ports.Node, 2, 2, Senders.Cluster, true, Route.Local) { Arguments = Key },
        new(Verb.Purge, "PURGE", Ports.Node, 1, 1, Senders.Cluster, true, Route.Local),
        new(Verb.Known, "KNOWN", Ports.Node, 1, 1, Senders.Cluster, true, Route.Local),
        new(Verb.Tombstones, "TOMBSTONES", Ports.Node, 2, 2, Senders.Cluster, false, Route.Local) { Arguments = [Argument.Cursor] },
        new(Verb.Versions, "VERSIONS", Ports.Node, 2, 2, Senders.Cluster, false, Route.Local) { Arguments = [Argument.Cursor] },

        // a primary, to its replicas
        new(Verb.StartSync, "STARTSYNC", Ports.Replica, 2, 2, Senders.Primary, false, Route.Local),
        new(Verb.Pages, "PAGES", Ports.Replica, 2, 2, Senders.Primary, true, Route.Local) { Arguments = [Argument.Text, Argument.Pages] },
        new(Verb.DoneSync, "DONESYNC", Ports.Replica, 1, 1, Senders.Primary, false, Route.Local),
        new(Verb.FullSync, "FULLSYNC", Ports.Replica, 2, 2, Senders.Primary, true, Route.Local),
        new(Verb.Surplus, "SURPLUS", Ports.Replica, 2, 3, Senders.Primary, false, Route.Local),
        new(Verb.Checkpoint, "CHECKPOINT", Ports.Replica, 4, 4, Senders.Primary, true, Route.Local)
            { Arguments = [Argument.Text, Argument.Text, Argument.Text, Argument.Pages] },
        new(Verb.Digest, "DIGEST", Ports.Replica, 2, 2, Senders.Primary, false, Route.Local)
            { Arguments = [Argument.Text, Argument.Pages] },
        new(Verb.Compare, "COMPARE", Ports.Replica, 4, 4, Senders.Primary, false, Route.Local)
            { Arguments = [Argument.Text, Argument.Text, Argument.Text, Argument.Pages] },
        new(Verb.Mend, "MEND", Ports.Replica, 5, 5, Senders.Primary, true, Route.Local) { Arguments = KeyValue },
    ];

    /// <summary>What a command has that no row is known for.</summary>
    public static CommandRow Unknown { get; } = new(Verb.None, "", Ports.None, 0, 0, Senders.None, false, Route.Local);

    // one open-addressed table per port, mostly empty, so that a look-up is one multiplication and nearly always one probe
    private static readonly Slot[][] Tables = [Index(Port.Cluster), Index(Port.Node), Index(Port.Replica)];

    /// <summary>The row for a name in any case at a port, or null.</summary>
    public static CommandRow? Find(ReadOnlySpan<byte> name, Port port)
    {
        if ((uint)(name.Length - 1) >= MaxNameBytes)
            return null;
        var packed = PackedName.Of(name);
        var slots = Tables[(int)port];
        for (var at = packed.Slot; ; at = (at + 1) & (slots.Length - 1))
        {
            ref readonly var slot = ref slots[at];
            if (slot.Row is null || slot.Name == packed)
                return slot.Row;
        }
    }

    private static Slot[] Index(Port port)
    {
        var slots = new Slot[1 << SlotBits];
        foreach (var row in Rows)
        {
            if ((row.Ports & (Ports)(1 << (int)port)) == 0)
                continue;
            var name = PackedName.Of(Encoding.ASCII.GetBytes(row.Name));
            var at = name.Slot;
            while (slots[at].Row is not null)
                at = (at + 1) & (slots.Length - 1);
            slots[at] = new Slot(name, row);
        }
        return slots;
    }

    private readonly record struct Slot(PackedName Name, CommandRow? Row);

    /// <summary>Up to 16 upper-cased bytes: the first and the last eight. Where they overlap, the length tells names apart.</summary>
    private readonly record struct PackedName(ulong First, ulong Last, int Length)
    {
        /// <summary>Fibonacci hashing: the upper bits of a product with 2⁶⁴ / φ (Knuth, TAOCP vol. 3, 6.4).</summary>
        public int Slot => (int)(((First ^ BitOperations.RotateLeft(Last, 23) ^ (ulong)Length) * 0x9E3779B97F4A7C15) >> (64 - SlotBits));

        public static PackedName Of(ReadOnlySpan<byte> name)
        {
            ulong first, last;
            if (name.Length >= 8)
            {
                first = BinaryPrimitives.ReadUInt64LittleEndian(name);
                last = BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]);
            }
            else if (name.Length >= 4)
            {
                first = BinaryPrimitives.ReadUInt32LittleEndian(name);
                last = BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]);
            }
            else
            {
                first = (uint)(name[0] | name[name.Length >> 1] << 8 | name[^1] << 16);
                last = 0;
            }
            return new PackedName(ToUpper(first), ToUpper(last), name.Length);
        }

        /// <summary>Upper-cases eight ASCII letters at once; other bytes stay as they are.</summary>
        private static ulong ToUpper(ulong bytes)
        {
            const ulong EveryByte = 0x0101010101010101;
            var low = bytes & (0x7F * EveryByte);
            var fromA = low + ((0x80 - 'a') * EveryByte);
            var aboveZ = low + ((0x7F - 'z') * EveryByte);
            var isLower = (fromA ^ aboveZ) & ~bytes & (0x80 * EveryByte);
            return bytes ^ (isLower >> 2);
        }
    }
}
