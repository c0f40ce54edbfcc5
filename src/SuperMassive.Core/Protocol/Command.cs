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
    public const int MaxArguments = CommandLayout.MaxArguments;

    private ReadOnlySpan<byte> _input;
    private CommandLayout _layout;

    /// <summary>A command that was read before, from an input that is still there.</summary>
    /// <param name="input">The same bytes that it was read from.</param>
    internal Command(ReadOnlySpan<byte> input, in CommandLayout layout)
    {
        _input = input;
        _layout = layout;
    }

    public Framing Framing { readonly get => _layout.Framing; internal set => _layout.Framing = value; }

    /// <summary>The row of its verb; <see cref="CommandTable.Unknown"/> when there is none. Also known for most errors.</summary>
    public CommandRow Row { readonly get => _layout.Row ?? CommandTable.Unknown; internal set => _layout.Row = value; }

    public readonly Verb Verb => Row.Verb;

    /// <summary>Arguments after the verb.</summary>
    public readonly int ArgumentCount => _layout.ArgumentCount;

    /// <summary>How many bytes of the input are done with, whatever the status.</summary>
    public int ConsumedBytes { readonly get => _layout.ConsumedBytes; internal set => _layout.ConsumedBytes = value; }

    /// <summary>What is to be answered after <c>ERR </c>; empty unless the status is Error or Fatal.</summary>
    public ReadOnlySpan<byte> Error { readonly get; internal set; }

    /// <summary>Where its parts stand in the input.</summary>
    internal readonly CommandLayout Layout => _layout;

    /// <summary>The argument at a position, counted from the first after the verb.</summary>
    public readonly ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var range = _layout[index];
            return _input.Slice(range.Start, range.Length);
        }
    }

    internal void Begin(ReadOnlySpan<byte> input, Framing framing)
    {
        _input = input;
        _layout.Framing = framing;
    }

    /// <inheritdoc cref="CommandLayout.Add"/>
    internal void AddArgument(int start, int length) => _layout.Add(start, length);
}
