using Microsoft.Extensions.Configuration;
using SuperMassive.Server.Configuration;
using SuperMassive.Topology;

namespace SuperMassive.AppHost.Local;

/// <summary>
/// The topology's settings: from the command line (<c>--http-port</c>), else the environment (<c>SUPERMASSIVE_HTTP_PORT</c>), else
/// the section <c>SuperMassive</c> of appsettings.json (<c>HttpPort</c>), else their defaults.
/// </summary>
internal static class AppHostSettings
{
    private const string VariablePrefix = "SUPERMASSIVE_";
    private const string Section = "SuperMassive";

    public static ParsedArguments<TopologySettings> Read(IReadOnlyList<string> arguments, IConfiguration configuration) =>
        TopologyArguments.Parse(arguments, variable => configuration[variable] ?? configuration[KeyOf(variable)]);

    /// <summary>What a host without a configuration of its own reads.</summary>
    public static IConfiguration Default => new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
        .AddEnvironmentVariables()
        .Build();

    private static string KeyOf(string variable) =>
        $"{Section}:{variable[VariablePrefix.Length..].Replace("_", "", StringComparison.Ordinal)}";
}
