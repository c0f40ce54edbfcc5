using System.Globalization;
using System.Text;

namespace SuperMassive.Simulator.Tests.Toy;

/// <summary>A request of either framing, and the replies to it in the same.</summary>
internal sealed record ToyRequest(string Verb, string Key, string Argument, bool IsResp)
{
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ToyRequest request, out int length)
    {
        request = null!;
        length = 0;
        var text = Encoding.ASCII.GetString(bytes);
        if (!text.StartsWith('*'))
            return TryReadLine(text, out request, out length);
        if (ReadLine(text, ref length) is not { } head)
            return false;
        var words = new List<string>();
        for (var left = int.Parse(head[1..], CultureInfo.InvariantCulture); left > 0; left--)
        {
            if (ReadLine(text, ref length) is not { } size)
                return false;
            var count = int.Parse(size[1..], CultureInfo.InvariantCulture);
            if (text.Length < length + count + 2)
                return false;
            words.Add(text.Substring(length, count));
            length += count + 2;
        }
        request = new ToyRequest(words[0], words.ElementAtOrDefault(1) ?? "", words.ElementAtOrDefault(2) ?? "", true);
        return true;
    }

    public string Status(string text) => IsResp ? $"+{text}\r\n" : $"{text}\r\n";

    public string Figures(string text) => IsResp ? Bulk(text) : $"OK\r\n{text}\r\n\r\n";

    public string Error(string text) => IsResp ? $"-ERR {text}\r\n" : $"ERR {text}\r\n";

    public string NotFound() => Error("key-value not found");

    public string Value(string key, string? value)
    {
        if (value is null)
            return IsResp ? "$-1\r\n" : NotFound();
        return IsResp ? Bulk(value) : $"{key} {value}\r\n";
    }

    public string Number(string number) => IsResp ? $":{number}\r\n" : $"{Key} {number}\r\n";

    public string Deleted(bool existed) => (IsResp, existed) switch
    {
        (true, true) => ":1\r\n",
        (true, false) => ":0\r\n",
        (false, true) => "OK key-value deleted\r\n",
        _ => NotFound(),
    };

    public string Pairs(List<KeyValuePair<string, string>> pairs)
    {
        if (IsResp)
            return $"*{pairs.Count * 2}\r\n" + string.Concat(pairs.Select(pair => Bulk(pair.Key) + Bulk(pair.Value)));
        var lines = string.Join("\r\n", pairs.Select(pair => $"{pair.Key} {pair.Value}"));
        return pairs.Count == 0 ? Error("no keys found") : $"OK {lines}\r\n\r\n";
    }

    private static bool TryReadLine(string text, out ToyRequest request, out int length)
    {
        request = null!;
        length = 0;
        if (ReadLine(text, ref length) is not { } line)
            return false;
        var words = line.Split(' ', 3);
        request = new ToyRequest(words[0], words.ElementAtOrDefault(1) ?? "", words.ElementAtOrDefault(2) ?? "", false);
        return true;
    }

    private static string? ReadLine(string text, ref int at)
    {
        var end = text.IndexOf("\r\n", at, StringComparison.Ordinal);
        if (end < 0)
            return null;
        var line = text[at..end];
        at = end + 2;
        return line;
    }

    private static string Bulk(string value) => $"${value.Length}\r\n{value}\r\n";
}
