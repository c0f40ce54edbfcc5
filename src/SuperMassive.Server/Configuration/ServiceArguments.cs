using System.CommandLine;

namespace SuperMassive.Server.Configuration;

public enum ServiceKind
{
    Cluster,
    Node,
    Replica,
}

/// <summary>What a service executable is told by its command line and its environment.</summary>
/// <param name="Directory">Absolute; where configuration and data are.</param>
/// <param name="AcceptsLoss">Whether a node whose journal is damaged may go on with what can be read of it.</param>
/// <param name="Warnings">One line each, for the log.</param>
public sealed record ServiceArguments(string Directory, Secrets Secrets, bool AcceptsLoss, IReadOnlyList<string> Warnings)
{
    /// <summary>Fewer would be guessed from one recorded handshake.</summary>
    public const int MinSharedKeyCharacters = 16;

    /// <summary>
    /// Reads the arguments. Each secret is taken from the first of: its flag, its file flag, <c>SUPERMASSIVE_NAME</c>,
    /// <c>SUPERMASSIVE_NAME_FILE</c>. Only a cluster has a username and a password.
    /// </summary>
    public static ParsedArguments<ServiceArguments> Parse(
        IReadOnlyList<string> arguments, ServiceKind kind, ArgumentSources? sources = null)
    {
        var command = new ServiceCommand(kind);
        return ParsedArguments<ServiceArguments>.From(
            command.Root, arguments, parsed => command.Read(parsed, sources ?? new ArgumentSources()));
    }

    public static string Help(ServiceKind kind) => Parse(["--help"], kind).Text ?? "";

    private sealed class ServiceCommand
    {
        private readonly Option<string> _directory = new("--directory")
        {
            Description = "Folder of configuration and data; it is made when it is missing [default: the current one]",
            HelpName = "DIR",
        };

        private readonly Option<bool> _acceptLoss = new("--accept-loss")
        {
            Description = "Go on without what a damaged journal has lost, when no replica has it",
        };

        private readonly SecretOption _username = new("username", "Name that clients authenticate with");
        private readonly SecretOption _password = new("password", "Password that clients authenticate with");
        private readonly SecretOption _sharedKey = new("shared-key", "Key that processes of one cluster prove to each other");
        private readonly ServiceKind _kind;

        public ServiceCommand(ServiceKind kind)
        {
            _kind = kind;
            Root = new RootCommand($"SuperMassive: a {kind.ToString().ToLowerInvariant()} process");
            Root.Options.Add(_directory);
            var options = kind == ServiceKind.Cluster
                ? [.. _username.Flags, .. _password.Flags, .. _sharedKey.Flags]
                : _sharedKey.Flags.Append(_acceptLoss);
            foreach (var option in options)
                Root.Options.Add(option);
        }

        public RootCommand Root { get; }

        public ParsedArguments<ServiceArguments> Read(ParseResult parsed, ArgumentSources sources)
        {
            List<string> errors = [];
            List<string> warnings = [];
            var isCluster = _kind == ServiceKind.Cluster;
            var username = isCluster ? _username.Read(parsed, sources, minCharacters: 1, errors, warnings) : [];
            var password = isCluster ? _password.Read(parsed, sources, minCharacters: 1, errors, warnings) : [];
            var sharedKey = _sharedKey.Read(parsed, sources, MinSharedKeyCharacters, errors, warnings);
            // AUTH separates name and password by a NUL byte or by these two characters
            if (username.AsSpan().IndexOf("\\0"u8) >= 0 || username.Contains((byte)0))
                errors.Add("the username has a NUL or \\0 in it; expected one that AUTH can tell from the password");
            if (errors.Count > 0)
                return ParsedArguments<ServiceArguments>.Failed(errors);

            var directory = Path.GetFullPath(parsed.GetValue(_directory) ?? ".", sources.CurrentDirectory);
            var acceptsLoss = !isCluster && parsed.GetValue(_acceptLoss);
            return ParsedArguments<ServiceArguments>.Of(
                new ServiceArguments(directory, new Secrets(username, password, sharedKey), acceptsLoss, warnings));
        }
    }
}
