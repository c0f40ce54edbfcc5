using System.Text;

namespace SuperMassive.Core.Links;

/// <summary>A peer's words made fit for a log line: whatever it sends, they stay on one line and short.</summary>
internal static class PeerText
{
    private const int MaxLength = 200;

    public static string Of(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("ERR "u8))
            text = text[4..];
        var builder = new StringBuilder(Math.Min(text.Length, MaxLength));
        foreach (var b in text[..Math.Min(text.Length, MaxLength)])
            builder.Append(b is >= 0x20 and < 0x7f ? (char)b : '?');
        return builder.ToString();
    }
}
