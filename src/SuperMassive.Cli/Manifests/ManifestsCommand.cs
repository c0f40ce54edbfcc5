using System.CommandLine;
using SuperMassive.Server.Configuration;
using SuperMassive.Topology.Kubernetes;

namespace SuperMassive.Cli.Manifests;

/// <summary><c>supermassive manifests</c></summary>
internal static class ManifestsCommand
{
    public static Command Create()
    {
        var command = new Command("manifests", "Write a topology as Kubernetes objects");
        var arguments = new KubernetesArguments();
        var output = new Option<string>("--output")
        {
            Description = "Folder for the files; it holds nothing else",
            HelpName = "DIR",
            Required = true,
        };
        command.Add(output);
        foreach (var option in arguments.Options)
            command.Add(option);
        command.SetAction(parsed =>
        {
            var settings = arguments.Read(parsed);
            return settings.Value is { } value
                ? Write(value, parsed.GetRequiredValue(output))
                : Complain(Invocation.UsageError, settings.Errors);
        });
        return command;
    }

    private static int Write(KubernetesSettings settings, string directory)
    {
        try
        {
            var changes = ManifestFolder.Write(directory, KubernetesManifests.Create(settings));
            foreach (var name in changes.Removed)
                Console.WriteLine($"removed {Path.Combine(directory, name)}");
            Console.WriteLine(
                $"{directory}: {changes.Written.Count} files written, {changes.Removed.Count} removed, {changes.Unchanged} unchanged");
            return Invocation.Succeeded;
        }
        catch (ConfigurationException e)
        {
            return Complain(Invocation.Failed, e.Problems);
        }
    }

    private static int Complain(int code, IReadOnlyList<string> problems)
    {
        foreach (var problem in problems)
            Invocation.Complain(problem);
        return code;
    }
}
