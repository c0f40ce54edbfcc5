using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace SuperMassive.Client;

/// <summary>A verb as it goes over the wire, and whether losing its reply leaves a write in doubt.</summary>
internal sealed class Verb(string name, bool mutates)
{
    public static readonly Verb Auth = new("AUTH", mutates: false);
    public static readonly Verb Ping = new("PING", mutates: false);
    public static readonly Verb Put = new("PUT", mutates: true);
    public static readonly Verb Get = new("GET", mutates: false);
    public static readonly Verb Del = new("DEL", mutates: true);
    public static readonly Verb Incr = new("INCR", mutates: true);
    public static readonly Verb Decr = new("DECR", mutates: true);
    public static readonly Verb Regx = new("REGX", mutates: false);
    public static readonly Verb Stat = new("STAT", mutates: false);
    public static readonly Verb Rcnf = new("RCNF", mutates: true);

    public string Name { get; } = name;

    public byte[] Bytes { get; } = Encoding.ASCII.GetBytes(name);

    public bool Mutates { get; } = mutates;
}

/// <summary>A command of up to three arguments, encoded as a RESP array without further allocation.</summary>
internal readonly struct Request
{
    private readonly ReadOnlyMemory<byte> _first, _second, _third;
    private readonly int _argumentCount;

    public Request(Verb verb) => Verb = verb;

    public Request(Verb verb, ReadOnlyMemory<byte> first) : this(verb) => (_first, _argumentCount) = (first, 1);

    public Request(Verb verb, ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
        : this(verb, first) => (_second, _argumentCount) = (second, 2);

    public Request(Verb verb, ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second, ReadOnlyMemory<byte> third)
        : this(verb, first, second) => (_third, _argumentCount) = (third, 3);

    public Verb Verb { get; }

    public void WriteTo(IBufferWriter<byte> output)
    {
        WriteHeader(output, (byte)'*', _argumentCount + 1);
        WriteBulk(output, Verb.Bytes);
        if (_argumentCount > 0)
            WriteBulk(output, _first.Span);
        if (_argumentCount > 1)
            WriteBulk(output, _second.Span);
        if (_argumentCount > 2)
            WriteBulk(output, _third.Span);
    }

    private static void WriteBulk(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        WriteHeader(output, (byte)'$', bytes.Length);
        output.Write(bytes);
        output.Write("\r\n"u8);
    }

    private static void WriteHeader(IBufferWriter<byte> output, byte type, int count)
    {
        const int maxHeaderBytes = 1 + 10 + 2; // type, the digits of an int, CRLF
        var span = output.GetSpan(maxHeaderBytes);
        span[0] = type;
        Utf8Formatter.TryFormat(count, span[1..], out var digits);
        "\r\n"u8.CopyTo(span[(1 + digits)..]);
        output.Advance(1 + digits + 2);
    }
}
