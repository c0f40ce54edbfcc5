using SuperMassive.Client;

namespace SuperMassive.Cli.Connecting;

/// <summary>Decides whom to connect to, and as whom.</summary>
internal static class Target
{
    public const string DefaultAddress = "localhost:4000";
    public const string DefaultDataFolder = "./data";

    /// <summary>
    /// The command line wins over the environment, that over a local topology's secrets, and those over asking. The secrets are used
    /// only when their folder was named, or when neither an address nor credentials were given: they must not go to a stranger.
    /// </summary>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="ask">Asks for what is named, hiding the answer if true; null when there is no terminal.</param>
    /// <returns>Without a username when none was found: the cluster then says what it thinks of that.</returns>
    /// <exception cref="IOException">A file that was named, or the secrets, cannot be read.</exception>
    /// <exception cref="FormatException">Half of the credentials, or a malformed file; the message says which.</exception>
    public static SuperMassiveClientOptions Resolve(
        TargetArguments arguments, Func<string, string?> environment, Func<string, bool, string>? ask)
    {
        var username = arguments.Username ?? NotEmpty(environment("SUPERMASSIVE_USERNAME"));
        var password = arguments.Password
            ?? (arguments.PasswordFile is null ? NotEmpty(environment("SUPERMASSIVE_PASSWORD")) : FirstLine(arguments.PasswordFile));
        var isLocal = arguments.DataFolder is not null || arguments.Address is null;
        if (username is null && password is null && isLocal
            && LocalSecrets.Read(arguments.DataFolder ?? DefaultDataFolder, isRequired: arguments.DataFolder is not null) is { } secrets)
        {
            (username, password) = (secrets.Username, secrets.Password);
        }
        if (ask is not null)
        {
            username ??= ask("Username", false);
            password ??= ask("Password", true);
        }
        if (username is null && password is not null)
            throw new FormatException("a password was given, but no username");
        if (username is not null && password is null)
            throw new FormatException("a username was given, but no password");
        return new SuperMassiveClientOptions
        {
            Address = arguments.Address ?? DefaultAddress,
            Username = username ?? "",
            Password = password ?? "",
            UseTls = arguments.UseTls || arguments.CaCertFile is not null,
            CaCertFile = arguments.CaCertFile ?? "",
        };
    }

    private static string FirstLine(string path)
    {
        using var file = File.OpenText(path);
        return file.ReadLine() ?? throw new FormatException($"--password-file '{path}' is empty");
    }

    private static string? NotEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
