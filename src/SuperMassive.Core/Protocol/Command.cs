using System.Runtime.CompilerServices;

namespace SuperMassive.Core.Protocol;

/// <summary>What <see cref="CommandReader.Read"/> found.</summary>
public enum ReadStatus : byte
{
    /// <summary>No whole command yet. Bytes may have been consumed all the same: the rest of something refused before.</summary>
    Incomplete,

    /// <summary>A whole command of a known verb with an accepted number of arguments, all within their limits.</summary>
    Command,

    /// <summary>A command that was refused; <see cref="Command.Error"/> is its one answer and the connection goes on.</summary>
    Error,

    /// <summary>Nobody can tell any more where the next command begins: answer <see cref="Command.Error"/> and close.</summary>
    Fatal,
}

/// <summary>One command, its arguments still in the input that it was read from and valid as long as that.</summary>
public ref struct Command
{
    /// <summary>As many arguments can be looked at; no row has more.</summary>
    public const int MaxArguments = 8;

    private CommandRow? _row;
    private ReadOnlySpan<byte> _input;
    private ArgumentRanges _ranges;

    public Framing Framing { get; internal set; }

    /// <summary>The row of its verb; <see cref="CommandTable.Unknown"/> when there is none. Also known for most errors.</summary>
    public CommandRow Row { readonly get => _row ?? CommandTable.Unknown; internal set => _row = value; }

    public readonly Verb Verb => Row.Verb;

    /// <summary>Arguments after the verb.</summary>
    public int ArgumentCount { get; internal set; }

    /// <summary>How many bytes of the input are done with, whatever the status.</summary>
    public int ConsumedBytes { get; internal set; }

    /// <summary>What is to be answered after <c>ERR </c>; empty unless the status is Error or Fatal.</summary>
    public ReadOnlySpan<byte> Error { readonly get; internal set; }

    /// <summary>The argument at a position, counted from the first after the verb.</summary>
    public readonly ReadOnlySpan<byte> this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Math.Min(ArgumentCount, MaxArguments), nameof(index));
            var range = _ranges[index];
            return _input.Slice(range.Start, range.Length);
        }
    }

    internal void Begin(ReadOnlySpan<byte> input, Framing framing)
    {
        _input = input;
        Framing = framing;
    }

    /// <summary>Counts an argument, and keeps it as long as there is room.</summary>
    internal void AddArgument(int start, int length)
    {
        if (ArgumentCount < MaxArguments)
            _ranges[ArgumentCount] = new ArgumentRange(start, length);
        ArgumentCount++;
    }

    private readonly record struct ArgumentRange(int Start, int Length);

    [InlineArray(MaxArguments)]
    private struct ArgumentRanges
    {
        private ArgumentRange _first;
    }
}
