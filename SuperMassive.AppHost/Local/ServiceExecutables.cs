using SuperMassive.AppHost.Processes;
using SuperMassive.Server.Configuration;

namespace SuperMassive.AppHost.Local;

/// <summary>The service programs that were built with this one; the build records where in this assembly's metadata.</summary>
public static class ServiceExecutables
{
    /// <summary>The full path of the program that runs a kind of process.</summary>
    /// <exception cref="StartException">It is not there.</exception>
    public static string PathOf(ServiceKind kind)
    {
        var name = $"SuperMassive.{kind}";
        var assembly = BuildFacts.Find(name) ?? throw new StartException($"{name} was not built with SuperMassive.AppHost");
        var executable = Path.ChangeExtension(assembly, OperatingSystem.IsWindows() ? ".exe" : null);
        return File.Exists(executable) ? executable : throw new StartException($"{executable} is not there; build the solution first");
    }
}
