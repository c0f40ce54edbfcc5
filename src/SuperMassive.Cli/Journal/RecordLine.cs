using System.Globalization;
using System.Text;
using System.Text.Json;
using SuperMassive.Core.Journal;
using SuperMassive.Core.Storage;

namespace SuperMassive.Cli.Journal;

/// <summary>A record on one line, for people or for programs.</summary>
internal static class RecordLine
{
    private const int PreviewBytes = 60;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary><c>lsn kind time key value</c>; what is no printable ASCII is escaped, a long value is cut short.</summary>
    /// <param name="lsn">Where the record begins.</param>
    public static string Text(in Record record, long lsn)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{lsn,12} {NameOf(record.Kind),-10} {TimeOf(record.Version),-30}");
        if (record.Key.Length > 0)
            line.Append(' ').Append(Quoted(record.Key));
        if (record.Kind == RecordKind.Put)
            line.Append(' ').Append(Quoted(record.Value));
        else if (Meaning(record) is { } meaning)
            line.Append(' ').Append(meaning);
        return line.ToString().TrimEnd();
    }

    /// <summary>
    /// A JSON object with the whole value: <c>key</c> and <c>value</c> are text, or <c>keyBase64</c>, <c>valueBase64</c>.
    /// </summary>
    public static string Json(in Record record, long lsn, long endLsn)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer,
            new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("lsn", lsn);
            json.WriteNumber("end", endLsn);
            json.WriteString("kind", NameOf(record.Kind));
            if (record.Version != Version.None)
            {
                json.WriteNumber("version", record.Version.Value);
                json.WriteString("time", TimeOf(record.Version));
            }
            if (record.Key.Length > 0)
                Bytes(json, "key", record.Key);
            if (record.Kind == RecordKind.Put)
                Bytes(json, "value", record.Value);
            else if (Meaning(record) is { } meaning)
                json.WriteString("what", meaning);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    public static string NameOf(RecordKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>RFC 3339 with the counter behind it, which tells two versions of a millisecond apart.</summary>
    private static string TimeOf(Version version) => version == Version.None
        ? "-"
        : version.UnixMs > 253_402_300_799_999 // beyond the year 9999 there is no date to show
            ? version.Value.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture,
                $"{DateTimeOffset.FromUnixTimeMilliseconds(version.UnixMs):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}+{version.Counter}");

    private static string? Meaning(in Record record) => record.Kind switch
    {
        RecordKind.Epoch when EpochRecord.TryRead(record.Value, out var epoch) =>
            $"epoch {epoch.Number} history {epoch.History} from {epoch.StartLsn} parent {epoch.Parent}",
        RecordKind.Fence when FenceRecord.TryRead(record.Value, out var fence) => $"cluster {fence.ClusterId} epoch {fence.Epoch}",
        _ => null,
    };

    private static string Quoted(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder("\"");
        foreach (var b in bytes[..Math.Min(bytes.Length, PreviewBytes)])
        {
            if (b is >= 0x20 and < 0x7f and not (byte)'"' and not (byte)'\\')
                text.Append((char)b);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
        }
        text.Append('"');
        if (bytes.Length > PreviewBytes)
            text.Append(CultureInfo.InvariantCulture, $"… {bytes.Length} bytes");
        return text.ToString();
    }

    private static void Bytes(Utf8JsonWriter json, string name, ReadOnlySpan<byte> bytes)
    {
        try
        {
            json.WriteString(name, Strict.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            json.WriteBase64String(name + "Base64", bytes);
        }
    }
}
