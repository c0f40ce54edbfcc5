using System.Text;

namespace SuperMassive.Core.Protocol;

/// <summary>The answers to what is over a limit, made once per connection that needs one, so that a flood of errors makes no garbage.</summary>
internal sealed class LimitErrors(Limits limits)
{
    public byte[] Line { get; } = Text("line", limits.LineBytes);

    public byte[] LineValue { get; } = Text("value by line", Math.Min(limits.LineValueBytes, limits.ValueBytes));

    public byte[] Unauthenticated { get; } =
        Encoding.ASCII.GetBytes($"command over the limit of {limits.UnauthenticatedBytes} bytes before authentication");

    private readonly byte[] _text = Text("argument", limits.LineBytes);
    private readonly byte[] _key = Text("key", limits.KeyBytes);
    private readonly byte[] _value = Text("value", limits.ValueBytes);
    private readonly byte[] _pattern = Text("pattern", limits.PatternBytes);
    private readonly byte[] _pages = Text("pages", CommandReader.PagesBytes);

    public byte[] Of(Argument argument) => argument switch
    {
        Argument.Key or Argument.Cursor => _key,
        Argument.Value => _value,
        Argument.Pattern => _pattern,
        Argument.Pages => _pages,
        _ => _text,
    };

    private static byte[] Text(string what, int limitBytes) => Encoding.ASCII.GetBytes($"{what} over the limit of {limitBytes} bytes");
}
