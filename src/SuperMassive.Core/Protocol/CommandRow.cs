using System.Collections.Immutable;
using System.Text;

namespace SuperMassive.Core.Protocol;

/// <summary>The ports a row holds for.</summary>
[Flags]
public enum Ports : byte
{
    None = 0,
    Cluster = 1 << Port.Cluster,
    Node = 1 << Port.Node,
    Replica = 1 << Port.Replica,
}

/// <summary>Who may send a command.</summary>
[Flags]
public enum Senders : byte
{
    None = 0,

    /// <summary>Everybody, also before authentication.</summary>
    Anyone = 1,

    /// <summary>A client that has authenticated.</summary>
    Client = 2,

    /// <summary>A cluster process that has proved the shared key.</summary>
    Cluster = 4,

    /// <summary>A primary that has proved the shared key.</summary>
    Primary = 8,
}

/// <summary>Where the receiving process takes a command.</summary>
public enum Route : byte
{
    Local,
    NextPrimary,
    KeyHolder,
    EveryPrimary,
    EveryProcess,
}

/// <summary>What an argument is, which decides how long it may be.</summary>
public enum Argument : byte
{
    /// <summary>A number, a name, a credential: up to <see cref="Limits.LineBytes"/>.</summary>
    Text,

    /// <summary>Up to <see cref="Limits.KeyBytes"/>, never empty.</summary>
    Key,

    /// <summary>A key to go on after: as long as a key, or empty to begin.</summary>
    Cursor,

    /// <summary>Up to <see cref="Limits.ValueBytes"/>, by line <see cref="Limits.LineValueBytes"/>.</summary>
    Value,

    /// <summary>Up to <see cref="Limits.PatternBytes"/>.</summary>
    Pattern,

    /// <summary>Journal pages: up to <see cref="CommandReader.PagesBytes"/>.</summary>
    Pages,
}

/// <summary>One verb at one or more ports: all that is the same for every command of that name.</summary>
/// <param name="Name">Upper case; at most <see cref="CommandTable.MaxNameBytes"/> letters.</param>
/// <param name="MinArguments">Arguments after the name, at least.</param>
/// <param name="MaxArguments">Arguments after the name, at most.</param>
/// <param name="Mutates">Whether it may change stored data.</param>
public sealed record CommandRow(
    Verb Verb, string Name, Ports Ports, int MinArguments, int MaxArguments, Senders Senders, bool Mutates, Route Route)
{
    /// <summary>The distance between accepted argument counts: 2 for REGX, whose offset and limit come together.</summary>
    public int ArgumentStep { get; init; } = 1;

    /// <summary>What the arguments are, from the first; those not listed are <see cref="Argument.Text"/>.</summary>
    public ImmutableArray<Argument> Arguments { get; init; } = [];

    /// <summary>What is answered to a wrong number of arguments, without <c>ERR</c>.</summary>
    public ReadOnlySpan<byte> WrongNumber => _wrongNumber;

    /// <summary>Whether by line the last argument is the rest of the line, spaces included.</summary>
    public bool TakesRestOfLine => Arguments.Length == MaxArguments && Arguments.Length > 0 && Arguments[^1] == Argument.Value;

    private readonly byte[] _wrongNumber = Encoding.ASCII.GetBytes($"wrong number of arguments for {Name}");

    public Argument KindOf(int position) => position < Arguments.Length ? Arguments[position] : Argument.Text;

    public bool Accepts(int argumentCount) =>
        argumentCount >= MinArguments && argumentCount <= MaxArguments && (argumentCount - MinArguments) % ArgumentStep == 0;

    /// <summary>Whether <paramref name="sender"/> may send it; <see cref="Senders.None"/> is somebody not authenticated.</summary>
    public bool MayBeSentBy(Senders sender) => (Senders & (sender | Senders.Anyone)) != 0;
}
