using System.Data.Common;
using System.Text;

namespace SuperMassive.Client;

/// <summary>Where a cluster listens, who connects to it, and how patient to be.</summary>
public sealed record SuperMassiveClientOptions
{
    /// <summary><c>host:port</c> or <c>[IPv6]:port</c> of the cluster process.</summary>
    public string Address { get; init; } = "localhost:4000";

    /// <summary>Empty: no AUTH is sent, and the cluster answers little more than PING.</summary>
    public string Username { get; init; } = "";

    /// <summary>Sent with <see cref="Username"/>; left out of <c>ToString</c>.</summary>
    public string Password { get; init; } = "";

    /// <summary>Encrypts, and refuses a cluster whose certificate does not name the host of <see cref="Address"/>.</summary>
    public bool UseTls { get; init; }

    /// <summary>PEM file with the authority that signed the cluster's certificate; empty: the system's authorities.</summary>
    public string CaCertFile { get; init; } = "";

    /// <summary>How long one attempt may take to connect, shake hands and authenticate.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a command may wait for a connection or for room, and then for its reply. Measured to an eighth of itself.
    /// </summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest pause between two attempts to reconnect; pauses double from 50 ms and are jittered.</summary>
    public TimeSpan MaxReconnectBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Commands sent and not yet answered before further ones wait. The cluster refuses more than 10,000 by default.</summary>
    public int MaxInFlight { get; init; } = 4_096;

    /// <summary>Bytes encoded and not yet sent before further commands wait; one command may exceed it.</summary>
    public int MaxUnsentBytes { get; init; } = 16 << 20;

    /// <summary>The clock of all timeouts and pauses; tests drive it by hand.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Reads <c>Endpoint=host:port;Username=…;Password=…;UseTls=…;CaCertFile=…</c>. Names are case-insensitive, all optional;
    /// a value holding <c>;</c> stands in quotes.
    /// </summary>
    /// <exception cref="FormatException">It is no connection string; the message names what is wrong, never a password.</exception>
    public static SuperMassiveClientOptions Parse(string connectionString)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        var parts = new DbConnectionStringBuilder();
        try
        {
            parts.ConnectionString = connectionString;
        }
        catch (ArgumentException)
        {
            // the original message may quote the text, and with it the password
            throw new FormatException("connection string: expected name=value pairs separated by ';'");
        }
        var options = new SuperMassiveClientOptions();
        foreach (string name in parts.Keys)
            options = options.With(name, (string)parts[name]);
        return options;
    }

    private SuperMassiveClientOptions With(string name, string value) => name.ToLowerInvariant() switch
    {
        "endpoint" => this with { Address = CheckedAddress(value) },
        "username" => this with { Username = value },
        "password" => this with { Password = value },
        "usetls" => this with
        {
            UseTls = bool.TryParse(value, out var useTls)
                ? useTls
                : throw new FormatException($"connection string: UseTls is '{value}', expected true or false"),
        },
        "cacertfile" => this with { CaCertFile = value },
        _ => throw new FormatException(
            $"connection string: unknown name '{name}', expected Endpoint, Username, Password, UseTls or CaCertFile"),
    };

    private static string CheckedAddress(string value)
    {
        const string scheme = "tcp://"; // as orchestrators write endpoints
        var address = value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? value[scheme.Length..].TrimEnd('/') : value;
        return Endpoint.TryParse(address, out _)
            ? address
            : throw new FormatException($"connection string: Endpoint is '{value}', expected host:port");
    }

    /// <summary>Everything but the password, which has no business in a log.</summary>
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Address = {Address}, Username = {Username}, UseTls = {UseTls}, CaCertFile = {CaCertFile}");
        return true;
    }
}
