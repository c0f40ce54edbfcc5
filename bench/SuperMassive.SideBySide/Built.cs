using System.Reflection;

namespace SuperMassive.SideBySide;

/// <summary>What the build recorded in this assembly.</summary>
internal static class Built
{
    /// <summary>Runs every program of this project.</summary>
    public static string Dotnet { get; } =
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    public static string RepositoryRoot => Find("RepositoryRoot");

    /// <summary>The full path of an assembly that was built with this one.</summary>
    public static string Find(string name) => typeof(Built).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => attribute.Key == name)?.Value
        ?? throw new InvalidOperationException($"the build recorded no {name}");
}
