using System.Runtime.CompilerServices;

namespace SuperMassive.Core.Protocol;

/// <summary>Where a command's parts stand in the input: all of a <see cref="Command"/> that can be kept while others are read.</summary>
internal struct CommandLayout
{
    public const int MaxArguments = 8;

    public CommandRow? Row;
    public Framing Framing;
    public int ArgumentCount;
    public int ConsumedBytes;
    private ArgumentRanges _ranges;

    public readonly ArgumentRange this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Math.Min(ArgumentCount, MaxArguments), nameof(index));
            return _ranges[index];
        }
    }

    /// <summary>Counts an argument, and keeps it as long as there is room.</summary>
    public void Add(int start, int length)
    {
        if (ArgumentCount < MaxArguments)
            _ranges[ArgumentCount] = new ArgumentRange(start, length);
        ArgumentCount++;
    }

    public readonly record struct ArgumentRange(int Start, int Length);

    [InlineArray(MaxArguments)]
    private struct ArgumentRanges
    {
        private ArgumentRange _first;
    }
}
