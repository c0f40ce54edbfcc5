namespace SuperMassive.Cli.Connecting;

/// <summary>What the command line says about whom to connect to; null is what it leaves out.</summary>
internal sealed record TargetArguments
{
    public string? Address { get; init; }

    public string? Username { get; init; }

    public string? Password { get; init; }

    public string? PasswordFile { get; init; }

    public bool UseTls { get; init; }

    public string? CaCertFile { get; init; }

    public string? DataFolder { get; init; }
}
