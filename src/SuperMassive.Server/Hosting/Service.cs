using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using SuperMassive.Server.Configuration;
using SuperMassive.Server.Telemetry;
using SuperMassive.ServiceDefaults;

namespace SuperMassive.Server.Hosting;

/// <summary>The life of a service executable, from its arguments to its exit code.</summary>
public static class Service
{
    /// <summary>
    /// A host watches its current folder with all that is below it, in case an appsettings.json changes: where the journal is there too,
    /// every write would wake it up.
    /// </summary>
    private static readonly string[] HostArguments = ["--hostBuilder:reloadConfigOnChange=false"];

    /// <returns>0 after an orderly stop, 1 when it could not start (why is on standard error), 2 for wrong arguments.</returns>
    public static async Task<int> RunAsync(ServiceKind kind, string[] args)
    {
        var parsed = ServiceArguments.Parse(args, kind);
        if (parsed.Text is { } text)
        {
            Console.Out.Write(text);
            return 0;
        }
        if (parsed.Value is not { } arguments)
            return Fail(2, parsed.Errors);
        try
        {
            var plan = new ServicePlan(kind, arguments);
            return await RunAsync(plan, plan.HttpAddress, arguments.Warnings).ConfigureAwait(false);
        }
        catch (ConfigurationException e)
        {
            return Fail(1, e.Problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException)
        {
            return Fail(1, [e.Message]);
        }
    }

    /// <summary>Runs until the process is asked to stop.</summary>
    /// <param name="httpAddress">Where health and metrics are served; empty: nowhere.</param>
    public static async Task<int> RunAsync(LoopPlan plan, string httpAddress, IReadOnlyList<string> warnings)
    {
        using var host = httpAddress.Length > 0 ? BuildWeb(plan, httpAddress) : BuildPlain(plan);
        var logger = host.Services.GetRequiredService<ILogger<LoopService>>();
        foreach (var warning in warnings)
            CoreLog.Warn(logger, warning);
        await host.StartAsync().ConfigureAwait(false);
        if (host is WebApplication web)
            CoreLog.ServesHttp(logger, string.Join(' ', web.Urls));
        await host.WaitForShutdownAsync().ConfigureAwait(false);
        return plan.Failure.Length == 0 ? 0 : Fail(1, [plan.Failure]);
    }

    internal static WebApplication BuildWeb(LoopPlan plan, string httpAddress)
    {
        var builder = WebApplication.CreateSlimBuilder(HostArguments);
        Configure(builder, plan);
        var address = HostPort.Parse(httpAddress);
        builder.ListenForHttp(address.Host, address.Port);
        var app = builder.Build();
        app.MapServiceDefaults();
        return app;
    }

    private static IHost BuildPlain(LoopPlan plan)
    {
        var builder = Host.CreateApplicationBuilder(HostArguments);
        Configure(builder, plan);
        return builder.Build();
    }

    private static void Configure(IHostApplicationBuilder builder, LoopPlan plan)
    {
        builder.Logging.ClearProviders()
            .AddConsole(console => console.FormatterName = LineFormatter.FormatterName)
            .AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>()
            .AddFilter("Microsoft", LogLevel.Warning)
            // the address is ours alone to say; that it overrides ASPNETCORE_URLS is no news
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        builder.AddServiceDefaults();
        builder.Services.AddSingleton(plan);
        builder.Services.AddSingleton<LoopMonitor>(_ => new LoopMonitor());
        builder.Services.AddSingleton<LoopService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LoopService>());
        builder.Services.AddHealthChecks()
            .AddCheck<LiveCheck>("loop", tags: [ServiceDefaultsExtensions.LiveTag])
            .AddCheck<ReadyCheck>("core", tags: [ServiceDefaultsExtensions.ReadyTag]);
    }

    private static int Fail(int code, IEnumerable<string> problems)
    {
        foreach (var problem in problems)
            Console.Error.WriteLine(problem);
        return code;
    }
}
