namespace SuperMassive.AppHost.Tests;

/// <summary>The program that stands in for services; it is built beside this assembly.</summary>
internal static class TestServiceProgram
{
    private static readonly string FileName = OperatingSystem.IsWindows() ? "SuperMassive.TestService.exe" : "SuperMassive.TestService";

    public static string Path => System.IO.Path.Combine(AppContext.BaseDirectory, FileName);
}
