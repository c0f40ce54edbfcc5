using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SuperMassive.Server.Configuration;

/// <summary>An address as configuration files write it: <c>host:port</c>, with an IPv6 address in brackets.</summary>
/// <param name="Host">Name or IP address, without brackets.</param>
/// <param name="Port">0 to 65535.</param>
public readonly record struct HostPort(string Host, int Port)
{
    public static HostPort Parse(string text) => Read(text, out var value) is { } problem ? throw new FormatException(problem) : value;

    public static bool TryParse(string text, out HostPort value) => Read(text, out value) is null;

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <returns>What is wrong with <paramref name="text"/>, or null.</returns>
    internal static string? Read(string text, out HostPort value)
    {
        value = default;
        var hostEnd = text.StartsWith('[') ? text.IndexOf(']') + 1 : text.IndexOf(':');
        if (text.StartsWith('[') && hostEnd == 0)
            return $"\"{text}\" has no closing bracket";
        if (!text.StartsWith('[') && hostEnd >= 0 && text.IndexOf(':', hostEnd + 1) >= 0)
            return $"\"{text}\" has an IPv6 address without brackets, or two ports";
        if (hostEnd < 0 || hostEnd == text.Length || text[hostEnd] != ':')
            return $"\"{text}\" has no port";

        var host = text.StartsWith('[') ? text[1..(hostEnd - 1)] : text[..hostEnd];
        var isHost = text.StartsWith('[') ? IsIPv6(host) : IsName(host);
        if (!isHost)
            return host.Length == 0 ? $"\"{text}\" has no host" : $"\"{host}\" is not a host";

        var portText = text[(hostEnd + 1)..];
        if (portText.Length == 0)
            return $"\"{text}\" has no port";
        if (!int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > IPEndPoint.MaxPort)
            return $"\"{portText}\" is not a port";
        value = new HostPort(host, port);
        return null;
    }

    private static bool IsIPv6(string host) =>
        IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;

    private static bool IsName(string host)
    {
        foreach (var c in host)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_'))
                return false;
        }
        return host.Length > 0;
    }
}
