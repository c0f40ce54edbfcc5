using System.IO.Hashing;
using System.Numerics;

namespace SuperMassive.Simulator;

/// <summary>
/// A rolling hash over every event and every byte handed to a process: two runs of one seed that differ anywhere differ here.
/// When a seed is replayed it also collects what happened as lines to read.
/// </summary>
public sealed class Trace
{
    private readonly List<string> _lines = [];

    public ulong Hash { get; private set; } = 0x243F6A8885A308D3;

    /// <summary>Whether lines are collected. Ask before formatting one.</summary>
    public bool IsVerbose { get; init; }

    public IReadOnlyList<string> Lines => _lines;

    public void Mix(ulong value) => Hash = (BitOperations.RotateLeft(Hash, 23) ^ value) * 0x9E3779B97F4A7C15;

    public void Mix(ReadOnlySpan<byte> bytes) => Mix(XxHash3.HashToUInt64(bytes));

    public void Say(long nowUs, string line)
    {
        if (IsVerbose)
            _lines.Add($"{nowUs / 1e6,11:F6} {line}");
    }
}
