using System.Runtime.InteropServices;

namespace SuperMassive.AppHost.Local;

/// <summary>Where the .NET that runs this program is installed, so that the programs it starts find the same.</summary>
public static class DotnetRoot
{
    /// <summary>What a .NET program is given to find its runtime, wherever that is installed.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string> { ["DOTNET_ROOT"] = Find() };

    // <root>/shared/Microsoft.NETCore.App/<version>/
    private static string Find() => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
}
