using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;

namespace SuperMassive.Core.Storage;

/// <summary>
/// A Robin Hood index with linear probing whose home slots come from the top bits of the hash. Entries of one home are
/// ordered too, so all occupied slots, read from first to last, stand in order of their hash fragments.
/// </summary>
/// <remarks>
/// Celis, "Robin Hood Hashing", 1986. Two things keep the order simple and every operation bounded:
/// there is no wrap-around, entries pushed past the last home stand in a tail behind it; and slots live in segments that
/// are allocated when first written, so that neither creating nor freeing a large index is ever paid by one operation.
/// A front divides off the slots before it: they were moved to another index, and are never looked at again.
/// </remarks>
internal sealed unsafe class SlotIndex : IDisposable
{
    public const int MinSizeLog = 8;
    public const int MaxSizeLog = 31;

    private const int MaxSegmentLog = 13;

    private readonly int _sizeLog;
    private readonly int _segmentLog;
    private readonly long _segmentCount;
    private readonly long _segmentMask;
    private readonly ProbeLengths _probes;
    private Slot** _segments;

    /// <param name="sizeLog">Binary logarithm of the number of home slots.</param>
    /// <param name="probes">Where the distances of all entries are counted.</param>
    public SlotIndex(int sizeLog, ProbeLengths probes)
    {
        _sizeLog = sizeLog;
        _segmentLog = Math.Min(sizeLog, MaxSegmentLog);
        _segmentMask = (1L << _segmentLog) - 1;
        // the tail never needs more slots than there are entries, which are fewer than the home slots
        _segmentCount = 2L << (sizeLog - _segmentLog);
        _probes = probes;
        _segments = (Slot**)NativeMemory.AllocZeroed((nuint)_segmentCount, (nuint)sizeof(Slot*));
    }

    public int SizeLog => _sizeLog;

    public long Size => 1L << _sizeLog;

    /// <summary>The first slot that was not moved away.</summary>
    public long Front { get; private set; }

    /// <summary>What the index is accounted with, segments not yet allocated and one segment of tail included.</summary>
    public long Bytes => BytesOf(_sizeLog) - (Front >> _segmentLog << _segmentLog) * Slot.Bytes;

    /// <summary>Whether every entry was moved away.</summary>
    public bool IsDrained { get; private set; }

    public static long BytesOf(int sizeLog)
    {
        var segmentSlots = 1L << Math.Min(sizeLog, MaxSegmentLog);
        return ((1L << sizeLog) + segmentSlots) * Slot.Bytes + (2L << sizeLog) / segmentSlots * sizeof(Slot*);
    }

    public long HomeOf(uint fragment) => fragment >> (32 - _sizeLog);

    /// <summary>The first fragment whose home is <paramref name="home"/>; 2³² past the last.</summary>
    public ulong FirstFragmentOf(long home) => Math.Min((ulong)home, (ulong)Size) << (32 - _sizeLog);

    /// <summary>The slot at <paramref name="position"/>, which counts from 0 through the tail.</summary>
    public Slot this[long position]
    {
        get
        {
            var segment = position >> _segmentLog;
            if (segment >= _segmentCount || _segments[segment] == null)
                return default;
            return _segments[segment][position & _segmentMask];
        }
        private set
        {
            ref var segment = ref _segments[position >> _segmentLog];
            if (segment == null)
                segment = (Slot*)NativeMemory.AllocZeroed((nuint)(_segmentMask + 1), Slot.Bytes);
            segment[position & _segmentMask] = value;
        }
    }

    /// <summary>Has the home of <paramref name="fragment"/> brought near.</summary>
    public void Prefetch(uint fragment)
    {
        var position = Math.Max(HomeOf(fragment), Front);
        var segment = _segments[position >> _segmentLog];
        if (segment != null)
            Storage.Prefetch.Line(segment + (position & _segmentMask));
    }

    /// <summary>
    /// The first position that may hold <paramref name="fragment"/>: entries before it have smaller fragments. Going on from
    /// there, all entries of the fragment follow each other.
    /// </summary>
    public long Find(uint fragment, out Slot slot)
    {
        var position = Math.Max(HomeOf(fragment), Front);
        for (slot = this[position]; !slot.IsEmpty && slot.Fragment < fragment; slot = this[position])
            position++;
        return position;
    }

    /// <summary>Adds a slot at a position that <see cref="Find"/> gave for its fragment; what stands there moves on by one.</summary>
    public void Insert(long position, Slot slot)
    {
        Debug.Assert(Front == 0, "nothing is added to an index that is being drained");
        _probes.Add(Distance(position, slot));
        var next = this[position];
        this[position] = slot;
        while (!next.IsEmpty)
        {
            _probes.Shift(Distance(position, next), 1);
            position++;
            (this[position], next) = (next, this[position]);
        }
    }

    /// <summary>Lets an occupied slot point to another block.</summary>
    public void Replace(long position, uint reference) => this[position] = this[position] with { Reference = reference };

    /// <summary>Empties a slot; those after it move back as far as their homes allow.</summary>
    public void Remove(long position)
    {
        _probes.Remove(Distance(position, this[position]));
        while (true)
        {
            var next = this[position + 1];
            if (next.IsEmpty || HomeOf(next.Fragment) == position + 1)
                break;
            _probes.Shift(Distance(position + 1, next), -1);
            this[position] = next;
            position++;
        }
        this[position] = default;
    }

    /// <summary>
    /// Moves up to <paramref name="count"/> slots, occupied or not, from the front into <paramref name="target"/>. A segment that was
    /// never written counts as one.
    /// </summary>
    public void Drain(int count, SlotIndex target)
    {
        for (; count > 0 && !IsDrained; count--)
        {
            var slot = this[Front];
            if (!slot.IsEmpty)
            {
                _probes.Remove(Distance(Front, slot));
                target.Insert(target.Find(slot.Fragment, out _), slot);
            }
            else if (Front >= Size)
            {
                IsDrained = true;
                break;
            }
            else if (_segments[Front >> _segmentLog] == null)
            {
                Front = (Front | _segmentMask) + 1;
                continue;
            }
            Front++;
            if ((Front & _segmentMask) == 0)
                FreeSegment((Front >> _segmentLog) - 1);
        }
    }

    public void Dispose()
    {
        if (_segments == null)
            return;
        for (var segment = Front >> _segmentLog; segment < _segmentCount; segment++)
            FreeSegment(segment);
        NativeMemory.Free(_segments);
        _segments = null;
    }

    private int Distance(long position, Slot slot) => (int)(position - HomeOf(slot.Fragment));

    private void FreeSegment(long segment)
    {
        NativeMemory.Free(_segments[segment]);
        _segments[segment] = null;
    }
}
