using System.Diagnostics;

namespace SuperMassive.Core.Storage;

/// <summary>
/// Asserts in debug builds that only blocks in use are resolved and freed: one bit per unit. Costs nothing in release builds.
/// </summary>
internal sealed class BlockAudit
{
    private ulong[]?[] _bits = [];

    [Conditional("DEBUG")]
    public void OnAllocate(uint reference)
    {
        var chunk = reference >> 16;
        if (chunk >= _bits.Length)
            Array.Resize(ref _bits, (int)Math.Max(chunk + 1, _bits.Length * 2));
        var bits = _bits[chunk] ??= new ulong[Arena.ChunkUnits / 64];
        Debug.Assert((bits[Word(reference)] & Bit(reference)) == 0, "a block in use must not be given out again");
        bits[Word(reference)] |= Bit(reference);
    }

    [Conditional("DEBUG")]
    public void OnResolve(uint reference) => Debug.Assert(IsUsed(reference), "only a block in use may be resolved");

    [Conditional("DEBUG")]
    public void OnFree(uint reference)
    {
        Debug.Assert(IsUsed(reference), "only a block in use may be freed, and once");
        _bits[reference >> 16]![Word(reference)] &= ~Bit(reference);
    }

    [Conditional("DEBUG")]
    public void OnClear() => _bits = [];

    private static int Word(uint reference) => (int)(reference & (Arena.ChunkUnits - 1)) / 64;

    private static ulong Bit(uint reference) => 1UL << (int)(reference % 64);

    private bool IsUsed(uint reference) =>
        reference >> 16 < _bits.Length && _bits[reference >> 16] is { } bits && (bits[Word(reference)] & Bit(reference)) != 0;
}
