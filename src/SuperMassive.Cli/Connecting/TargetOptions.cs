using System.CommandLine;
using SuperMassive.Client;

namespace SuperMassive.Cli.Connecting;

/// <summary>The options of every command that talks to a cluster.</summary>
internal sealed class TargetOptions
{
    private readonly Option<string?> _address = new("--address")
    {
        Description = "The cluster's host:port [default: localhost:4000]",
        HelpName = "host:port",
    };

    private readonly Option<string?> _username = new("--username")
    {
        Description = "Who connects; else SUPERMASSIVE_USERNAME, a local topology's secrets, or a prompt",
    };

    private readonly Option<string?> _password = new("--password")
    {
        Description = "Visible to other users of this machine; prefer --password-file, SUPERMASSIVE_PASSWORD or the prompt",
    };

    private readonly Option<string?> _passwordFile = new("--password-file") { Description = "A file whose first line is the password" };
    private readonly Option<bool> _tls = new("--tls") { Description = "Encrypt the connection and verify the cluster's certificate" };

    private readonly Option<string?> _caCertFile = new("--ca-cert-file")
    {
        Description = "PEM file with the authority to trust instead of the system's; implies --tls",
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = "A local topology's data folder, whose credentials are used when none are given [default: ./data]",
        HelpName = "folder",
    };

    public TargetOptions(Command command)
    {
        foreach (var option in new Option[] { _address, _username, _password, _passwordFile, _tls, _caCertFile, _data })
            command.Add(option);
        _address.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } address && !Endpoint.TryParse(address, out var _))
                result.AddError($"--address is '{address}', expected host:port.");
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(_password) is not null && result.GetResult(_passwordFile) is not null)
                result.AddError("--password and --password-file exclude each other.");
        });
    }

    /// <summary>Asks on the terminal for what is missing, if there is one.</summary>
    public SuperMassiveClientOptions Resolve(ParseResult parsed) =>
        Target.Resolve(Arguments(parsed), Environment.GetEnvironmentVariable, CredentialPrompt.IsPossible ? CredentialPrompt.Ask : null);

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
