using SuperMassive.Core;

namespace SuperMassive.Server.Configuration;

/// <summary>The sections that several files share.</summary>
internal static class OptionSections
{
    public const string Slash = "/";

    private const int MaxBufferBytes = 1 << 30;

    private static readonly Limits StandardLimits = new();

    public static OptionKind<int> Percent { get; } = OptionKinds.Count(1, 100);

    /// <summary>Up to a pebibyte.</summary>
    public static OptionKind<int> RetentionMiB { get; } = OptionKinds.Count(0, 1 << 30);

    public static ServerOptions Server(OptionMap map, ServerOptions from)
    {
        var to = new ServerOptions(map.Value("address", OptionKinds.ListenAddress, from.Address))
        {
            UseTls = map.Value("use-tls", OptionKinds.Flag, from.UseTls),
            CertFile = map.Path("cert-file", from.CertFile, Slash),
            KeyFile = map.Path("key-file", from.KeyFile, Slash),
            ReadTimeoutMs = map.Value("read-timeout", OptionKinds.Seconds, from.ReadTimeoutMs),
            BufferBytes = map.Value("buffer-size", OptionKinds.Count(1, MaxBufferBytes), from.BufferBytes),
        };
        map.CheckDistinct("address", to.Address);
        if (to.UseTls)
        {
            map.Check("cert-file", () => PemFile.ProblemOf(to.CertFile, isNeeded: true));
            map.Check("key-file", () => PemFile.ProblemOf(to.KeyFile, isNeeded: true));
        }
        return to;
    }

    /// <param name="noFile">How the file at hand writes that there is no authority of its own.</param>
    public static Func<OptionMap, PeerAddress, PeerAddress> Peer(string noFile) => (map, from) =>
    {
        var to = new PeerAddress(map.Required("server-address", OptionKinds.PeerAddress, from.Address))
        {
            UseTls = map.Value("use-tls", OptionKinds.Flag, from.UseTls),
            CaCertFile = map.Path("ca-cert-file", from.CaCertFile, noFile),
            ConnectTimeoutMs = map.Value("connect-timeout", OptionKinds.Seconds, from.ConnectTimeoutMs),
            WriteTimeoutMs = map.Value("write-timeout", OptionKinds.Seconds, from.WriteTimeoutMs),
            ReadTimeoutMs = map.Value("read-timeout", OptionKinds.Seconds, from.ReadTimeoutMs),
            MaxRetries = map.Value("max-retries", OptionKinds.Count(0, 1_000_000), from.MaxRetries),
            RetryWaitMs = map.Value("retry-wait-time", OptionKinds.Seconds, from.RetryWaitMs),
            BufferBytes = map.Value("buffer-size", OptionKinds.Count(1, MaxBufferBytes), from.BufferBytes),
        };
        map.CheckDistinct("server-address", to.Address);
        if (to.UseTls)
            map.Check("ca-cert-file", () => PemFile.ProblemOf(to.CaCertFile, isNeeded: false));
        return to;
    };

    public static string HttpAddress(OptionMap map, string from)
    {
        var to = map.Optional("http-address", OptionKinds.ListenAddressOrNone, from, standard: "");
        map.CheckDistinct("http-address", to);
        return to;
    }

    /// <summary>All of them but <c>read-timeout</c>, which the published format has in <c>server-config</c>.</summary>
    public static Limits Limits(OptionMap map, Limits from) => map.OptionalSection("limits", from, StandardLimits, (limits, value) =>
    {
        return value with
        {
            LineBytes = Bytes("line-bytes", value.LineBytes, StandardLimits.LineBytes),
            KeyBytes = Bytes("key-bytes", value.KeyBytes, StandardLimits.KeyBytes),
            ValueBytes = Bytes("value-bytes", value.ValueBytes, StandardLimits.ValueBytes),
            LineValueBytes = Bytes("line-value-bytes", value.LineValueBytes, StandardLimits.LineValueBytes),
            PatternBytes = Bytes("pattern-bytes", value.PatternBytes, StandardLimits.PatternBytes),
            Connections = Bytes("connections", value.Connections, StandardLimits.Connections),
            UnauthenticatedBytes = Bytes("unauthenticated-bytes", value.UnauthenticatedBytes, StandardLimits.UnauthenticatedBytes),
            UnauthenticatedMs = limits.Optional(
                "unauthenticated-timeout", OptionKinds.Seconds, value.UnauthenticatedMs, StandardLimits.UnauthenticatedMs),
            PendingCommands = Bytes("pending-commands", value.PendingCommands, StandardLimits.PendingCommands),
            OutputBytes = Bytes("output-bytes", value.OutputBytes, StandardLimits.OutputBytes),
        };

        int Bytes(string key, int from, int standard) => limits.Optional(key, OptionKinds.Count(1, MaxBufferBytes), from, standard);
    });
}
