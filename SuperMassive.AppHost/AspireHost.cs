using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using SuperMassive.AppHost.Local;
using SuperMassive.AppHost.Processes;
using SuperMassive.Server.Configuration;
using SuperMassive.Topology;

namespace SuperMassive.AppHost;

/// <summary>Declares the topology to Aspire, which starts it and shows it in its dashboard.</summary>
internal sealed class AspireHost(IDistributedApplicationBuilder builder, TopologySettings settings)
{
    private const int WrongArguments = 2;
    private readonly Dictionary<ProcessName, IResourceBuilder<ProjectResource>> _services = [];

    public static async Task<int> RunAsync(string[] arguments)
    {
        var builder = DistributedApplication.CreateBuilder(arguments);
        // when publishing, the command line is Aspire's and says nothing about a topology
        var parsed = AppHostSettings.Read(builder.ExecutionContext.IsRunMode ? arguments : [], AppHostSettings.Default);
        Console.Write(parsed.Text);
        foreach (var error in parsed.Errors) Console.Error.WriteLine(error);
        if (parsed.Value is not { } settings) return parsed.Text is null ? WrongArguments : 0;

        new AspireHost(builder, settings).Declare();
        await builder.Build().RunAsync();
        return 0;
    }

    private void Declare()
    {
        // the same secrets, ports and folders as the local launcher's, so that either can go on with the other's data
        var secrets = new Lazy<TopologySecrets>(() => TopologySecrets.LoadOrCreate(settings.DataDirectory, settings));
        var username = builder.AddParameter("username", () => secrets.Value.Username);
        var password = builder.AddParameter("password", () => secrets.Value.Password, secret: true);
        var sharedKey = builder.AddParameter("shared-key", () => secrets.Value.SharedKey, secret: true);

        var topology = Topology.Topology.Create(settings);
        var cluster = Add<Projects.SuperMassive_Cluster>(topology.Cluster, sharedKey)
            .WithEnvironment("SUPERMASSIVE_USERNAME", username)
            .WithEnvironment("SUPERMASSIVE_PASSWORD", password)
            .WithAdministration(username, password);

        foreach (var nodeProcess in topology.Nodes)
        {
            var node = Add<Projects.SuperMassive_Node>(nodeProcess, sharedKey).WithParentRelationship(cluster).WithKill();
            foreach (var replicaProcess in nodeProcess.Replicas)
            {
                // a replica is ready once its node has fed it, so the node may only wait for its start
                var replica = Add<Projects.SuperMassive_Replica>(replicaProcess, sharedKey).WithParentRelationship(node).WithKill();
                node.WaitForStart(replica);
            }

            cluster.WaitFor(node);
        }

        var address = cluster.GetEndpoint("tcp").Property(EndpointProperty.HostAndPort);
        builder.AddConnectionString("supermassive", ReferenceExpression.Create(
            $"Endpoint={address};Username=\"{username}\";Password=\"{password}\""));
    }

    private IResourceBuilder<ProjectResource> Add<TProject>(TopologyProcess process, IResourceBuilder<ParameterResource> sharedKey)
        where TProject : IProjectMetadata, new()
    {
        var service = builder.AddProject<TProject>(process.Name, options => options.ExcludeLaunchProfile = true)
            .WithArgs(process.Arguments.ToArray())
            // its addresses are in its configuration file; given twice, every start would log which of the two it takes
            .WithEndpointsInEnvironment(_ => false)
            // Aspire turns these retries on. They hold up a stop for 10 s where nobody collects, and the dashboard stops along with the
            // rest; after 6 s the process is killed.
            .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "")
            .WithEnvironment("SUPERMASSIVE_SHARED_KEY", sharedKey)
            .WithEndpoint("tcp", endpoint => Direct(endpoint, "tcp", process.Port))
            .OnBeforeResourceStarted((_, _, _) => Task.FromResult(TopologyWriter.Write(process, AddressOf("tcp"), AddressOf("http"))));
        if (process.HttpPort is { } httpPort)
        {
            service.WithEndpoint("http", endpoint => Direct(endpoint, "http", httpPort))
                .WithHttpHealthCheck("/health/ready", endpointName: "http");
        }

        return _services[process.Name] = service;
    }

    // Aspire's proxy would accept and park connections while the process behind it is down. Without it a fixed port stays fixed even in
    // tests, which ask for random ones.
    private void Direct(EndpointAnnotation endpoint, string scheme, int port)
    {
        endpoint.UriScheme = scheme;
        endpoint.IsProxied = false;
        endpoint.TargetHost = settings.Host;
        endpoint.Port = builder.Configuration.GetValue("DcpPublisher:RandomizePorts", false) ? Ports.FindFree() : port;
    }

    private Func<ProcessName, string> AddressOf(string endpointName) => process =>
        _services[process].GetEndpoint(endpointName) is { Exists: true } endpoint
            ? new HostPort(endpoint.Host, endpoint.Port).ToString()
            : "";
}
