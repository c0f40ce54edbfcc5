// The smallest real service, and the smallest real launcher, for tests of processes.
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SuperMassive.AppHost.Processes;
using SuperMassive.ServiceDefaults;

var port = int.Parse(args[1], CultureInfo.InvariantCulture);
switch (args[0])
{
    case "serve":
        await ServeAsync();
        return 0;
    case "launch":
        await LaunchAsync();
        return 0;
    case "fail":
        Console.Error.WriteLine("cannot start");
        return 7;
    default:
        Console.Error.WriteLine("serve, launch or fail, and a port");
        return 2;
}

async Task ServeAsync()
{
    var builder = WebApplication.CreateSlimBuilder();
    builder.AddServiceDefaults();
    builder.ListenForHttp("127.0.0.1", port);
    builder.Services.AddHealthChecks().AddCheck("not ready", () => HealthCheckResult.Unhealthy(), [ServiceDefaultsExtensions.ReadyTag]);
    var app = builder.Build();
    app.MapServiceDefaults();
    app.Lifetime.ApplicationStopping.Register(() => Console.WriteLine("draining"));
    await app.RunAsync();
    Console.WriteLine("drained");
}

async Task LaunchAsync()
{
    var start = new ServiceStart(
        "child", Environment.ProcessPath!, ["serve", args[1]], Environment.CurrentDirectory, new Dictionary<string, string>(), port);
    await using var group = new ProcessGroup([[start]], new ProcessLog());
    await group.StartAllAsync(CancellationToken.None);
    Console.WriteLine($"child {group["child"].ProcessId}");
    await group["child"].Exited;
}
