using System.Buffers;
using System.Buffers.Binary;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

/// <summary>A REGX under way: the streams that it merges and what it has taken of them.</summary>
internal sealed class Scan
{
    private const int FirstPageEntries = 256;
    private const int LargestPageEntries = 1 << 16;

    private long _skipped;

    /// <summary>In the order in which they began.</summary>
    public required long Number { get; init; }

    public long Offset { get; init; }

    /// <summary>Negative: all.</summary>
    public long Limit { get; init; }

    public List<ScanStream> Streams { get; } = [];

    public ArrayBufferWriter<byte> Result { get; } = new();

    public int Count { get; private set; }

    public bool IsFull => Limit >= 0 && Count >= Limit;

    public bool HasYetToPass(Shard shard, ReadOnlySpan<byte> key)
    {
        foreach (var stream in Streams)
        {
            if (stream.Shard == shard)
                return stream.HasYetToPass(key);
        }
        return false;
    }

    /// <summary>
    /// Each page costs a walk over the table, so pages grow: small answers stay cheap, large ones do not walk for ever.
    /// </summary>
    public int NextPageEntries(ScanStream stream)
    {
        var next = stream.PageEntries == 0 ? FirstPageEntries : Math.Min(stream.PageEntries * 8, LargestPageEntries);
        return Limit < 0 ? next : (int)Math.Clamp(Offset + Limit, 1, next);
    }

    /// <returns>False when every stream has ended.</returns>
    public bool TryTake()
    {
        byte[]? smallest = null;
        foreach (var stream in Streams)
        {
            if (stream.HasEntry && (smallest is null || stream.Entry.Key.AsSpan().SequenceCompareTo(smallest) < 0))
                smallest = stream.Entry.Key;
        }
        if (smallest is null)
            return false;
        var newest = Version.None;
        byte[]? value = null;
        foreach (var stream in Streams)
        {
            if (!stream.HasEntry || !stream.Entry.Key.AsSpan().SequenceEqual(smallest))
                continue;
            if (stream.Entry.Version > newest)
                (newest, value) = (stream.Entry.Version, stream.Entry.Value);
            stream.Skip();
        }
        if (value is not null && _skipped++ >= Offset)
        {
            Append(smallest);
            Append(value);
            Count++;
        }
        return true;
    }

    public static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> rest)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
        var bytes = rest.Slice(4, length);
        rest = rest[(4 + length)..];
        return bytes;
    }

    private void Append(byte[] bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Result.GetSpan(4), bytes.Length);
        Result.Advance(4);
        Result.Write(bytes);
    }
}
