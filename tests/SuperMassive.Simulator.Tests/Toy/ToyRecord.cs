using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace SuperMassive.Simulator.Tests.Toy;

/// <summary>A record of the toy's journal: <c>checksum key value</c> and a line feed; a deletion has no value.</summary>
internal static class ToyRecord
{
    public static string Of(string key, string? value)
    {
        var body = value is null ? key : $"{key} {value}";
        return $"{Checksum(body)} {body}\n";
    }

    /// <returns>Whether a whole and undamaged record stands at <paramref name="at"/>.</returns>
    public static bool TryRead(string text, int at, out string key, out string? value, out int next)
    {
        (key, value, next) = ("", null, at);
        var end = text.IndexOf('\n', at);
        if (end < at + 9 || text[(at + 9)..end] is not { } body || text[at..(at + 8)] != Checksum(body))
            return false;
        var space = body.IndexOf(' ');
        key = space < 0 ? body : body[..space];
        value = space < 0 ? null : body[(space + 1)..];
        next = end + 1;
        return true;
    }

    private static string Checksum(string body) =>
        Crc32.HashToUInt32(Encoding.ASCII.GetBytes(body)).ToString("x8", CultureInfo.InvariantCulture);
}
