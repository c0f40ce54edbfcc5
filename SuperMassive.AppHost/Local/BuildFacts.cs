using System.Reflection;

namespace SuperMassive.AppHost.Local;

/// <summary>What the build recorded in this assembly's metadata.</summary>
internal static class BuildFacts
{
    /// <summary>The value of a metadata attribute, or null.</summary>
    public static string? Find(string key) =>
        typeof(BuildFacts).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(fact => fact.Key == key)?.Value;

    /// <summary>Why this program is the local launcher and not Aspire, in one line for people.</summary>
    public static string WhyLocal => (Find("UseAspire"), Find("AspireVersion")) switch
    {
        ("", var version) => $"package Aspire.AppHost.Sdk {version} is in neither the package cache nor the package feed",
        ("false", _) => "UseAspire=false asks for it",
        _ => "it was asked for by name",
    };
}
