using System.Text;

namespace SuperMassive.Cli.Shell;

/// <summary>What the shell must know of a line before it sends it as typed.</summary>
internal static class CommandLine
{
    /// <summary>The first word, in capitals.</summary>
    public static string Verb(ReadOnlySpan<byte> line)
    {
        var space = line.IndexOf((byte)' ');
        return Encoding.UTF8.GetString(space < 0 ? line : line[..space]).ToUpperInvariant();
    }

    /// <summary>Whether its reply goes on until an empty line, provided that it begins with OK.</summary>
    public static bool HasLongReply(string verb) => verb is "REGX" or "STAT";

    /// <summary>Whether losing the reply leaves open what happened.</summary>
    public static bool Mutates(string verb) => verb is "PUT" or "DEL" or "INCR" or "DECR" or "RCNF";

    /// <summary>A line that would begin a RESP array: the cluster would wait for its parts, and the shell for a reply.</summary>
    public static bool IsOtherFraming(ReadOnlySpan<byte> line) => line is [(byte)'*', ..];

    /// <summary>The line that authenticates: <c>AUTH base64(user NUL password)</c>.</summary>
    public static byte[] Auth(string username, string password) =>
        Encoding.ASCII.GetBytes("AUTH " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}\0{password}")));

    public static bool IsError(ReadOnlySpan<byte> replyLine) =>
        replyLine.StartsWith("ERR"u8) && (replyLine.Length == 3 || replyLine[3] == (byte)' ');
}
