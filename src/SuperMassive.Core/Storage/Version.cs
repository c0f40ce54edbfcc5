namespace SuperMassive.Core.Storage;

/// <summary>
/// The hybrid logical timestamp of a value: 48 bits of Unix milliseconds, then 16 bits of counter, so that versions order
/// by time and never tie. Only the cluster assigns one. Zero is "no version": older than everything.
/// </summary>
/// <remarks>Kulkarni et al., "Logical Physical Clocks", 2014; the packing is ours.</remarks>
public readonly record struct Version(ulong Value) : IComparable<Version>
{
    public const int CounterBits = 16;

    public static Version None => default;

    /// <summary>The first version of a millisecond.</summary>
    public static Version At(long unixMs) => new((ulong)unixMs << CounterBits);

    public long UnixMs => (long)(Value >> CounterBits);

    public int Counter => (int)(Value & ushort.MaxValue);

    /// <summary>The next version in order; a full counter carries into the milliseconds.</summary>
    public Version Next => new(Value + 1);

    public int CompareTo(Version other) => Value.CompareTo(other.Value);

    public static bool operator <(Version left, Version right) => left.Value < right.Value;

    public static bool operator >(Version left, Version right) => left.Value > right.Value;

    public static bool operator <=(Version left, Version right) => left.Value <= right.Value;

    public static bool operator >=(Version left, Version right) => left.Value >= right.Value;

    public override string ToString() => $"{UnixMs}.{Counter}";
}
