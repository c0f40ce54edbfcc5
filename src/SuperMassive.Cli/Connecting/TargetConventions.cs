namespace SuperMassive.Cli.Connecting;

/// <summary>How a command calls the options of <see cref="TargetOptions"/>, and what it does where they are not given.</summary>
/// <param name="Address">The name that messages use, then what else is taken; likewise the others.</param>
/// <param name="MayAsk">Whether it asks on the terminal for missing credentials, if there is one.</param>
internal sealed record TargetConventions(
    string[] Address, string[] Username, string[] Password, string[] CaCertFile, string DefaultAddress, bool MayAsk)
{
    public static readonly TargetConventions Standard = new(
        ["--address"], ["--username"], ["--password"], ["--ca-cert-file"], Target.DefaultAddress, MayAsk: true);

    /// <summary>The published benchmarker's names, and ours beside them. It runs where nobody sits to be asked.</summary>
    public static readonly TargetConventions Bench = new(
        ["--cluster", "--address"], ["--user", "--username"], ["--pass", "--password"], ["--tls-ca-cert", "--ca-cert-file"],
        "127.0.0.1:4000", MayAsk: false);
}
