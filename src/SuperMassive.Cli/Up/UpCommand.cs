using System.CommandLine;
using SuperMassive.Server.Hosting;
using SuperMassive.Topology;

namespace SuperMassive.Cli.Up;

/// <summary><c>supermassive up</c></summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var command = new Command("up", "Run a whole topology in this process: one cluster, its nodes and replicas, with journals on disk");
        var arguments = new TopologyArguments();
        foreach (var option in arguments.Options)
            command.Add(option);
        command.SetAction(async (parsed, _) =>
        {
            var read = arguments.Read(parsed);
            foreach (var error in read.Errors)
                Invocation.Complain(error);
            if (read.Value is not { } settings)
                return Invocation.UsageError;
            var secrets = TopologySecrets.LoadOrCreate(settings.DataDirectory, settings);
            var topology = Topology.Topology.Create(settings);
            return await Service.RunAsync(new EmbeddedPlan(topology, secrets), topology.Cluster.HttpAddress ?? "", [])
                .ConfigureAwait(false);
        });
        return command;
    }
}
