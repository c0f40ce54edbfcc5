using System.Text;

namespace SuperMassive.Core.Protocol;

/// <summary>The answers to what is over a limit.</summary>
/// <remarks>Made once per connection that needs one, so that a flood of errors makes no garbage.</remarks>
internal sealed class LimitErrors(Limits limits)
{
    private readonly byte[][] _arguments =
        [.. Enum.GetValues<Argument>().Select(argument => Text(NameOf(argument), LimitBytes(limits, argument)))];

    public byte[] Line { get; } = Text("line", limits.LineBytes);

    public byte[] LineValue { get; } = Text("value by line", Math.Min(limits.LineValueBytes, limits.ValueBytes));

    public byte[] Unauthenticated { get; } =
        Encoding.ASCII.GetBytes($"command over the limit of {limits.UnauthenticatedBytes} bytes before authentication");

    public byte[] Of(Argument argument) => _arguments[(int)argument];

    /// <summary>How long an argument of this kind may be.</summary>
    public static int LimitBytes(Limits limits, Argument argument) => argument switch
    {
        Argument.Key or Argument.Cursor => limits.KeyBytes,
        Argument.Value => limits.ValueBytes,
        Argument.Pattern => limits.PatternBytes,
        Argument.Pages => CommandReader.PagesBytes,
        _ => limits.LineBytes,
    };

    private static string NameOf(Argument argument) => argument switch
    {
        Argument.Text => "argument",
        Argument.Cursor => "key",
        _ => argument.ToString().ToLowerInvariant(),
    };

    private static byte[] Text(string what, int limitBytes) => Encoding.ASCII.GetBytes($"{what} over the limit of {limitBytes} bytes");
}
