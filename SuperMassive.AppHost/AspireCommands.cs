using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SuperMassive.AppHost.Local;

namespace SuperMassive.AppHost;

/// <summary>What the dashboard can do to a process besides starting and stopping it.</summary>
internal static partial class AspireCommands
{
    /// <summary>Ends the process at once, as a crash would, to watch the others go on without it.</summary>
    public static IResourceBuilder<ProjectResource> WithKill(this IResourceBuilder<ProjectResource> service) =>
        service.WithCommand("kill", "Kill", context => Task.FromResult(Kill(context)), new CommandOptions
        {
            Description = "End the process at once, as a crash would",
            IconName = "DismissCircle",
            UpdateState = WhileRunning,
        });

    /// <summary>RCNF and STAT, whose replies go to the cluster's log.</summary>
    public static IResourceBuilder<ProjectResource> WithAdministration(
        this IResourceBuilder<ProjectResource> cluster,
        IResourceBuilder<ParameterResource> username,
        IResourceBuilder<ParameterResource> password)
    {
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> Ask(string verb) => async context =>
        {
            var endpoint = cluster.GetEndpoint("tcp");
            var credentials = (
                await username.Resource.GetValueAsync(context.CancellationToken) ?? "",
                await password.Resource.GetValueAsync(context.CancellationToken) ?? "");
            try
            {
                var reply = await LineClient.AskAsync(endpoint.Host, endpoint.Port, credentials, verb, context.CancellationToken);
                LogReply(context.ServiceProvider.GetRequiredService<ResourceLoggerService>().GetLogger(context.ResourceName), verb, reply);
                return reply.StartsWith("OK", StringComparison.Ordinal) ? CommandResults.Success() : CommandResults.Failure(reply);
            }
            catch (Exception failure) when (failure is SocketException or IOException)
            {
                return CommandResults.Failure($"{verb}: {failure.Message}");
            }
        };

        return cluster
            .WithCommand("rcnf", "Reload configuration", Ask("RCNF"), new CommandOptions
            {
                Description = "Send RCNF: every process reads its configuration again",
                IconName = "ArrowSync",
                UpdateState = WhileRunning,
            })
            .WithCommand("stat", "Log statistics", Ask("STAT"), new CommandOptions
            {
                Description = "Send STAT and write the reply to this log",
                IconName = "DataHistogram",
                UpdateState = WhileRunning,
            });
    }

    private static ResourceCommandState WhileRunning(UpdateCommandStateContext context) =>
        context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;

    // the process Aspire knows is "dotnet run", whose child is the service
    private static ExecuteCommandResult Kill(ExecuteCommandContext context)
    {
        var resources = context.ServiceProvider.GetRequiredService<ResourceNotificationService>();
        var processId = resources.TryGetCurrentState(context.ResourceName, out var resource)
            ? resource.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value
            : null;
        if (processId is null) return CommandResults.Failure($"{context.ResourceName} has no process");

        try
        {
            using var process = Process.GetProcessById(Convert.ToInt32(processId, CultureInfo.InvariantCulture));
            process.Kill(entireProcessTree: true);
            return CommandResults.Success();
        }
        catch (ArgumentException)
        {
            return CommandResults.Failure($"{context.ResourceName}: process {processId} is gone already");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Verb}: {Reply}")]
    private static partial void LogReply(ILogger logger, string verb, string reply);
}
