using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Node.Replication;

/// <summary>
/// The replica's side of comparing its table with its primary's: says where they differ, and takes what the primary holds in
/// place of what is held here.
/// </summary>
internal sealed class ReplicaRepair(NodeData data, ReplicaSync sync)
{
    /// <summary>A reply ends with the slice of the table in which it gets longer than this.</summary>
    private const int EnoughBytes = 64 << 10;
    private const int SliceEntries = 16;

    private readonly List<int> _buckets = [];
    private readonly HashSet<ulong> _listed = [];
    private readonly List<(byte[] Key, Version Version)> _differing = [];
    private int _differingBytes;

    /// <summary>How many buckets differed when they were compared last.</summary>
    public int Differing => _buckets.Count;

    /// <summary>Where both tables were compared last; −1: not since this process began.</summary>
    public long ComparedLsn { get; private set; } = -1;

    /// <summary>Entries that were put right.</summary>
    public long Mended { get; private set; }

    /// <summary>The table that was compared is gone.</summary>
    public void Forget()
    {
        _buckets.Clear();
        ComparedLsn = -1;
    }

    /// <returns>Whether the arguments made sense; a reply is written only then.</returns>
    public bool Handle(in Command command, OutputBuffer output) => command.Verb switch
    {
        Verb.Digest => Digest(command, output),
        Verb.Compare => Compare(command, output),
        _ => Mend(command, output),
    };

    /// <summary><c>DIGEST lsn digests</c> → [applied LSN, bucket…]: those that differ. Nothing is compared at another LSN.</summary>
    private bool Digest(in Command command, OutputBuffer output)
    {
        if (!RespCursor.TryParse(command[0], out long lsn) || command[1].Length != TableDigests.Bytes)
            return false;
        if (lsn != sync.AppliedLsn)
        {
            RespWriter.Array(output, 1);
            RespWriter.Integer(output, sync.AppliedLsn);
            return true;
        }
        _buckets.Clear();
        data.Digests.Compare(command[1], _buckets);
        ComparedLsn = lsn;
        RespWriter.Array(output, 1 + _buckets.Count);
        RespWriter.Integer(output, lsn);
        foreach (var bucket in _buckets)
            RespWriter.Integer(output, bucket);
        sync.Compared();
        return true;
    }

    /// <summary>
    /// <c>COMPARE lsn from to entries</c> → [applied LSN, cursor, (key, version here or 0)…]: the keys of a range of key hashes of
    /// which something else is held here than listed, up to the cursor, which is <c>to</c> or what is to be asked for next.
    /// </summary>
    private bool Compare(in Command command, OutputBuffer output)
    {
        if (!RespCursor.TryParse(command[0], out long lsn) || !RespCursor.TryParse(command[1], out ulong from)
            || !RespCursor.TryParse(command[2], out ulong to) || from >= to || to > 1UL << 32 || !TryList(command[3]))
            return false;
        _differing.Clear();
        _differingBytes = 0;
        var next = from;
        if (lsn == sync.AppliedLsn)
        {
            next = FindUnlisted(from, to);
            FindOthers(command[3], next);
        }
        RespWriter.Array(output, 2 + 2 * _differing.Count);
        RespWriter.Integer(output, sync.AppliedLsn);
        RespWriter.Integer(output, next);
        foreach (var (key, version) in _differing)
        {
            RespWriter.Bulk(output, key);
            RespWriter.Integer(output, version.Value);
        }
        return true;
    }

    /// <summary><c>MEND key value version kind lsn</c> → :applied LSN. At another LSN it changes nothing.</summary>
    private bool Mend(in Command command, OutputBuffer output)
    {
        if (!RespCursor.TryParse(command[2], out ulong version) || !RespCursor.TryParse(command[4], out long lsn))
            return false;
        var isTombstone = command[3].SequenceEqual("TOMBSTONE"u8);
        var isNothing = command[3].SequenceEqual("NOTHING"u8);
        if (!isTombstone && !isNothing && !command[3].SequenceEqual("VALUE"u8))
            return false;
        if (lsn == sync.AppliedLsn)
        {
            if (isNothing)
                data.Forget(command[0]);
            else
                data.Replace(new Entry(command[0], command[1], new Version(version), isTombstone));
            Mended++;
        }
        RespWriter.Integer(output, sync.AppliedLsn);
        return true;
    }

    private bool TryList(ReadOnlySpan<byte> entries)
    {
        _listed.Clear();
        while (!entries.IsEmpty)
        {
            if (!EntryList.TryRead(ref entries, out _, out var key))
                return false;
            _listed.Add(data.Table.Hash(key));
        }
        return true;
    }

    /// <returns>Up to where the table was walked.</returns>
    private ulong FindUnlisted(ulong from, ulong to)
    {
        while (from < to && _differingBytes < EnoughBytes)
        {
            from = data.Table.Scan(from, SliceEntries, (in Entry entry) =>
            {
                var hash = data.Table.Hash(entry.Key);
                if (hash >> 32 < to && !_listed.Contains(hash))
                    Add(entry.Key, entry.Version);
            });
            if (from == 0)
                from = to;
        }
        return Math.Min(from, to);
    }

    private void FindOthers(ReadOnlySpan<byte> entries, ulong to)
    {
        while (EntryList.TryRead(ref entries, out var digest, out var key))
        {
            var hash = data.Table.Hash(key);
            if (hash >> 32 >= to)
                continue;
            if (!data.Table.TryGet(key, hash, out var held))
                Add(key, Version.None);
            else if (EntryDigest.Of(hash, held) != digest)
                Add(key, held.Version);
        }
    }

    private void Add(ReadOnlySpan<byte> key, Version version)
    {
        _differing.Add((key.ToArray(), version));
        _differingBytes += key.Length;
    }
}
