using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SuperMassive.Server.Configuration;
using SuperMassive.ServiceDefaults;

namespace SuperMassive.TestService;

/// <summary>A service that is nothing but the service defaults, alive and never ready.</summary>
internal static class Service
{
    public static Task RunConfiguredAsync(string directory)
    {
        var options =
            File.Exists(Path.Combine(directory, ClusterOptions.FileName)) ? ClusterOptions.Load(directory).Server
            : File.Exists(Path.Combine(directory, NodeOptions.FileName)) ? NodeOptions.Load(directory).Server
            : ReplicaOptions.Load(directory).Server;
        var address = HostPort.Parse(options.Address);
        return RunAsync(address.Host, address.Port);
    }

    public static async Task RunAsync(string host, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.AddServiceDefaults();
        builder.ListenForHttp(host, port);
        builder.Services.AddHealthChecks().AddCheck("not ready", () => HealthCheckResult.Unhealthy(), [ServiceDefaultsExtensions.ReadyTag]);
        var app = builder.Build();
        app.MapServiceDefaults();
        app.Lifetime.ApplicationStopping.Register(() => Console.WriteLine("draining"));
        await app.RunAsync();
        Console.WriteLine("drained");
    }
}
