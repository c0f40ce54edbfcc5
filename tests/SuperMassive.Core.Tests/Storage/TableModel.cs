using System.Buffers.Binary;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Tests.Storage;

/// <summary>How a test assigns hashes to keys: evenly, or so that they collide.</summary>
public enum HashShape
{
    Even,

    /// <summary>Sixteen home slots, whatever the size of the table.</summary>
    FewHomes,

    /// <summary>The last homes of the table, so that entries are pushed into the tail.</summary>
    EndOfSpace,

    /// <summary>Seven hash fragments in all: only the keys tell entries apart.</summary>
    FewFragments,
}

/// <summary>A table beside a dictionary that is told the same.</summary>
public sealed class TableModel(HashShape shape, int seed) : IDisposable
{
    private readonly Dictionary<int, (byte[] Value, Version Version, bool IsTombstone)> _held = [];
    private readonly Random _random = new(seed);
    private ulong _version;

    public HashTable Table { get; } = new(seed);

    public IReadOnlyCollection<int> HeldKeys => _held.Keys;

    public static byte[] KeyOf(int number)
    {
        var key = new byte[4 + number % 29];
        BinaryPrimitives.WriteInt32BigEndian(key, number);
        return key;
    }

    public static int NumberOf(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadInt32BigEndian(key);

    public ulong HashOf(int number)
    {
        var even = Table.Hash(KeyOf(number));
        return shape switch
        {
            HashShape.FewHomes => (ulong)(number % 16) << 60 | even >> 12,
            HashShape.EndOfSpace => ulong.MaxValue << 44 | even >> 20,
            HashShape.FewFragments => (ulong)(number % 7) * 0x2000_0001 << 32 | even & uint.MaxValue,
            _ => even,
        };
    }

    /// <summary>One random change of a key below <paramref name="keys"/>.</summary>
    /// <param name="setPercent">How many changes of a hundred hold something; the others remove.</param>
    public void Change(int keys, int setPercent, Func<int, bool>? mayRemove = null)
    {
        var number = _random.Next(keys);
        var key = KeyOf(number);
        var version = new Version(++_version);
        if (_random.Next(100) >= setPercent && (mayRemove is null || mayRemove(number)))
        {
            Assert.Equal(_held.Remove(number), Table.Remove(key, HashOf(number)));
        }
        else if (_random.Next(5) == 0)
        {
            Table.SetTombstone(key, HashOf(number), version);
            _held[number] = ([], version, true);
        }
        else
        {
            var value = new byte[_random.Next(10) == 0 ? _random.Next(3_000) : _random.Next(100)];
            _random.NextBytes(value);
            Table.Set(key, HashOf(number), value, version);
            _held[number] = (value, version, false);
        }
    }

    public void Clear()
    {
        Table.Clear();
        _held.Clear();
    }

    public void RemoveAll()
    {
        foreach (var number in _held.Keys)
            Assert.True(Table.Remove(KeyOf(number), HashOf(number)));
        _held.Clear();
    }

    public void Verify(int keys)
    {
        Assert.Equal(_held.Values.Count(held => held.IsTombstone), Table.TombstoneCount);
        Assert.Equal(_held.Count, Table.LiveCount + Table.TombstoneCount);
        for (var number = 0; number < keys; number++)
        {
            var key = KeyOf(number);
            Assert.Equal(_held.TryGetValue(number, out var held), Table.TryGet(key, HashOf(number), out var entry));
            if (held.Value is null)
                continue;
            Assert.True(entry.Key.SequenceEqual(key));
            Assert.True(entry.Value.SequenceEqual(held.Value));
            Assert.Equal(held.Version, entry.Version);
            Assert.Equal(held.IsTombstone, entry.IsTombstone);
        }
        VerifyStatistics();
    }

    /// <summary>
    /// Recomputes the distances from the hashes alone: in order of hash, every entry stands at home or directly behind the
    /// one before it. Only between migrations, when one index holds all.
    /// </summary>
    private void VerifyStatistics()
    {
        var statistics = Table.Statistics;
        Assert.Equal(_held.Count, statistics.Used);
        Assert.Equal(statistics.Size - _held.Count, statistics.EmptyBuckets);
        Assert.Equal((double)_held.Count / statistics.Size, statistics.LoadFactor);
        Assert.Equal(1 - statistics.LoadFactor, statistics.EmptyBucketRatio, 1e-9);
        if (statistics.NeedsGrow || statistics.NeedsShrink)
            return;
        var previous = -1L;
        var max = 0L;
        var sum = 0L;
        foreach (var hash in _held.Keys.Select(HashOf).Order())
        {
            var home = (long)((UInt128)hash * (ulong)statistics.Size >> 64);
            previous = Math.Max(home, previous + 1);
            max = Math.Max(max, previous - home);
            sum += previous - home;
        }
        Assert.Equal(max, statistics.MaxProbeLength);
        Assert.Equal(_held.Count == 0 ? 0 : (double)sum / _held.Count, statistics.AverageProbeLength, 1e-9);
    }

    public void Dispose() => Table.Dispose();
}
