using System.Text;
using SuperMassive.Core.Journal;
using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Node;

/// <summary>
/// The commands that change something. Each decides what comes of it and hands one record with the result to
/// <see cref="NodeCore.Commit"/>; a command that comes too late, or again, changes nothing and says what is held.
/// </summary>
internal sealed class NodeWrites(NodeData data, NodeCore node, NodeCommands commands)
{
    private readonly byte[] _number = new byte[64];

    /// <param name="hash">Of the key that the command is about; 0 if it is about none.</param>
    /// <returns>Whether the arguments made sense; a reply is written only then.</returns>
    public bool Handle(in Command command, ulong hash, OutputBuffer output) => command.Verb switch
    {
        Verb.Put => Put(command, hash, output),
        Verb.Del => Delete(command, hash, output),
        Verb.Add => Add(command, hash, output),
        Verb.Drop => Drop(command, hash, output),
        Verb.Known => CommitMark(RecordKind.Known, command, output),
        _ => CommitMark(RecordKind.Purge, command, output),
    };

    private bool Put(in Command command, ulong hash, OutputBuffer output)
    {
        if (!TryVersion(command[2], out var version))
            return false;
        var key = command[0];
        var value = command[1];
        var exists = data.Table.TryGet(key, hash, out var held);
        if (exists && held.Version >= version)
        {
            ReplyApplied(output, key, 0, held.Version);
            return true;
        }
        if (HasMemoryFor(key, value.Length, exists ? held.Value.Length : -1, output)
            && TryCommit(new Record(RecordKind.Put, version, key, value), hash, RecordUse.Client, output))
            ReplyApplied(output, key, 1, version);
        return true;
    }

    /// <summary>A deletion is kept whether or not the key is here: a PUT with a lower version may still be on its way.</summary>
    private bool Delete(in Command command, ulong hash, OutputBuffer output)
    {
        if (!TryVersion(command[1], out var version))
            return false;
        var key = command[0];
        var exists = data.Table.TryGet(key, hash, out var held);
        var wasLive = exists && !held.IsTombstone && held.Version < version;
        if (exists && held.Version >= version)
        {
            ReplyApplied(output, key, 0, held.Version);
            return true;
        }
        if (TryCommit(new Record(RecordKind.Tombstone, version, key, default), hash, RecordUse.Client, output))
            ReplyApplied(output, key, wasLive ? 1 : 0, version);
        return true;
    }

    /// <summary>
    /// <c>ADD key delta expected version</c>: adds only to the version the cluster knows. The record holds the sum, so that a replay
    /// can never add twice; asked again with the same version, it answers the same.
    /// </summary>
    private bool Add(in Command command, ulong hash, OutputBuffer output)
    {
        if (!TryVersion(command[2], out var expected) || !TryVersion(command[3], out var version))
            return false;
        var key = command[0];
        var exists = data.Table.TryGet(key, hash, out var held);
        if (exists && held.Version == version && !held.IsTombstone)
        {
            commands.ReplyValue(output, key, held.Value, version);
            return true;
        }
        if (!exists || held.IsTombstone || held.Version != expected)
        {
            commands.ReplyNoValue(output, key, exists ? held.Version : Version.None);
            return true;
        }
        switch (Counter.Add(held.Value, command[1], subtract: false, _number, out var length))
        {
            case CounterResult.NotANumber:
                RespWriter.Error(output, "ERR value is not a number"u8);
                return true;
            case CounterResult.OutOfRange:
                RespWriter.Error(output, "ERR number out of range"u8);
                return true;
        }
        var sum = _number.AsSpan(0, length);
        if (HasMemoryFor(key, length, held.Value.Length, output)
            && TryCommit(new Record(RecordKind.Put, version, key, sum), hash, RecordUse.Client, output))
            commands.ReplyValue(output, key, sum, version);
        return true;
    }

    /// <summary><c>DROP key version</c>: removes the value if it is older than the version, which is known to be safe elsewhere.</summary>
    private bool Drop(in Command command, ulong hash, OutputBuffer output)
    {
        if (!TryVersion(command[1], out var version))
            return false;
        var key = command[0];
        var exists = data.Table.TryGet(key, hash, out var held);
        if (!exists || held.IsTombstone || held.Version >= version)
        {
            ReplyApplied(output, key, 0, exists ? held.Version : Version.None);
            return true;
        }
        if (TryCommit(new Record(RecordKind.Drop, version, key, default), hash, RecordUse.Upkeep, output))
            ReplyApplied(output, key, 1, version);
        return true;
    }

    /// <summary><c>KNOWN version</c>: every deletion up to it has been here; <c>PURGE version</c>: they may go.</summary>
    private bool CommitMark(RecordKind kind, in Command command, OutputBuffer output)
    {
        if (!TryVersion(command[0], out var version))
            return false;
        // what is known already needs no record: so a node without room for one can still be joined
        if ((kind == RecordKind.Known && version <= data.KnownThrough)
            || TryCommit(new Record(kind, version, default, default), 0, RecordUse.Upkeep, output))
            RespWriter.Integer(output, node.AppliedLsn);
        return true;
    }

    /// <param name="hash">The key's; 0 for a record without a key.</param>
    /// <returns>Whether the record is applied and will be kept; otherwise nothing has changed, and the error says why.</returns>
    private bool TryCommit(in Record record, ulong hash, RecordUse use, OutputBuffer output)
    {
        if (node.JournalFailure is { } why)
        {
            RespWriter.Error(output, Encoding.UTF8.GetBytes($"ERR journal failed, this node only reads: {why}"));
            return false;
        }
        if (!node.Journal.HasRoomFor(record, use))
        {
            RespWriter.Error(output, "ERR journal disk full"u8);
            return false;
        }
        node.Commit(record, hash);
        return true;
    }

    private bool HasMemoryFor(ReadOnlySpan<byte> key, int valueLength, int heldValueLength, OutputBuffer output)
    {
        var growth = heldValueLength < 0
            ? data.Table.BytesFor(key.Length, valueLength)
            : Math.Max(0, valueLength - heldValueLength);
        if (data.Table.UsedBytes + growth <= node.Settings.MaxMemoryBytes)
            return true;
        RespWriter.Error(output, "ERR out of memory"u8);
        return false;
    }

    private static bool TryVersion(ReadOnlySpan<byte> text, out Version version)
    {
        var ok = RespCursor.TryParse(text, out ulong value);
        version = new Version(value);
        return ok;
    }

    private void ReplyApplied(OutputBuffer output, ReadOnlySpan<byte> key, long result, Version version)
    {
        RespWriter.Array(output, 4);
        RespWriter.Bulk(output, key);
        RespWriter.Integer(output, result);
        RespWriter.Integer(output, version.Value);
        RespWriter.Integer(output, node.AppliedLsn);
    }
}
