using System.CommandLine;
using SuperMassive.Client;

namespace SuperMassive.Cli.Connecting;

/// <summary>The options of every command that talks to a server: where it is, who connects, and whether by TLS.</summary>
internal sealed class TargetOptions
{
    private readonly TargetConventions _conventions;
    private readonly Option<string?> _address;
    private readonly Option<string?> _username;
    private readonly Option<string?> _password;
    private readonly Option<string?> _passwordFile = new("--password-file") { Description = "A file whose first line is the password" };
    private readonly Option<bool> _tls = new("--tls") { Description = "Encrypt the connections and verify the server's certificate" };
    private readonly Option<string?> _caCertFile;

    private readonly Option<string?> _data = new("--data")
    {
        Description = "A local topology's data folder, whose credentials are used when none are given [default: ./data without an address]",
        HelpName = "folder",
    };

    public TargetOptions(Command command, TargetConventions conventions)
    {
        _conventions = conventions;
        var prompt = conventions.MayAsk ? " or a prompt" : "";
        _address = Named(conventions.Address);
        _address.Description = $"The server's host:port [default: {conventions.DefaultAddress}]";
        _address.HelpName = "host:port";
        _username = Named(conventions.Username);
        _username.Description = $"Who connects; else SUPERMASSIVE_USERNAME, a local topology's secrets{prompt}";
        _password = Named(conventions.Password);
        _password.Description = $"Visible to other users of this machine; prefer --password-file, SUPERMASSIVE_PASSWORD{prompt}";
        _caCertFile = Named(conventions.CaCertFile);
        _caCertFile.Description = "PEM file with the authority to trust instead of the system's; implies --tls";
        foreach (var option in new Option[] { _address, _username, _password, _passwordFile, _tls, _caCertFile, _data })
            command.Add(option);
        _address.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } address && !Endpoint.TryParse(address, out var _))
                result.AddError($"{_address.Name} is '{address}', expected host:port.");
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(_password) is not null && result.GetResult(_passwordFile) is not null)
                result.AddError($"{_password.Name} and --password-file exclude each other.");
        });
    }

    /// <exception cref="FormatException">Half of the credentials, or a malformed secrets file.</exception>
    /// <exception cref="IOException">A file that was named cannot be read.</exception>
    public SuperMassiveClientOptions Resolve(ParseResult parsed)
    {
        var arguments = Arguments(parsed);
        var target = Target.Resolve(
            arguments, Environment.GetEnvironmentVariable, _conventions.MayAsk && CredentialPrompt.IsPossible ? CredentialPrompt.Ask : null);
        return target with { Address = arguments.Address ?? _conventions.DefaultAddress };
    }

    private static Option<string?> Named(string[] names) => new(names[0], names[1..]);

    private TargetArguments Arguments(ParseResult parsed) => new()
    {
        Address = parsed.GetValue(_address),
        Username = parsed.GetValue(_username),
        Password = parsed.GetValue(_password),
        PasswordFile = parsed.GetValue(_passwordFile),
        UseTls = parsed.GetValue(_tls),
        CaCertFile = parsed.GetValue(_caCertFile),
        DataFolder = parsed.GetValue(_data),
    };
}
