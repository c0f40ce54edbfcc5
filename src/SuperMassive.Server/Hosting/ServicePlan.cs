using Microsoft.Extensions.Logging;
using SuperMassive.Core;
using SuperMassive.Server.Configuration;
using SuperMassive.Server.Loop;

namespace SuperMassive.Server.Hosting;

/// <summary>One cluster, node or replica, as its folder and its arguments say.</summary>
internal sealed class ServicePlan : LoopPlan
{
    private readonly ServiceKind _kind;
    private readonly ServiceArguments _arguments;
    private readonly ServerOptions _server;
    private readonly Limits _limits;

    /// <exception cref="ConfigurationException">The folder's file is wrong.</exception>
    public ServicePlan(ServiceKind kind, ServiceArguments arguments)
    {
        _kind = kind;
        _arguments = arguments;
        (_server, HttpAddress, _limits) = kind switch
        {
            ServiceKind.Cluster => Of(ClusterOptions.LoadOrCreate(arguments.Directory)),
            ServiceKind.Node => Of(NodeOptions.LoadOrCreate(arguments.Directory)),
            _ => Of(ReplicaOptions.LoadOrCreate(arguments.Directory)),
        };
    }

    public string HttpAddress { get; }

    public override IReadOnlyList<HostedCore> Open(EventLoop loop, ILogger logger, Action<long, long> progress)
    {
        var directory = _arguments.Directory;
        var secrets = _arguments.Secrets;
        HostedCore core = _kind switch
        {
            ServiceKind.Cluster => new ClusterHost(loop, logger, directory, () => ClusterOptions.Load(directory).ToSettings(secrets)),
            ServiceKind.Node => new NodeHost(loop, logger, directory, () => NodeOptions.Load(directory).ToSettings(secrets),
                _arguments.AcceptsLoss, progress),
            _ => new NodeHost(loop, logger, directory, () => ReplicaOptions.Load(directory).ToSettings(secrets),
                _arguments.AcceptsLoss, progress),
        };
        core.Start(_kind.ToString().ToLowerInvariant(), new ListenOptions(_server.Address)
        {
            Tls = _server.UseTls ? TlsServerOptions.Load(_server.CertFile, _server.KeyFile) : null,
            Gated = _kind != ServiceKind.Cluster,
            Limits = _limits,
            BufferBytes = _server.BufferBytes,
        });
        return [core];
    }

    private static (ServerOptions, string, Limits) Of(ClusterOptions options) => (options.Server, options.HttpAddress, options.Limits);

    private static (ServerOptions, string, Limits) Of(NodeOptions options) => (options.Server, options.HttpAddress, options.Limits);

    private static (ServerOptions, string, Limits) Of(ReplicaOptions options) => (options.Server, options.HttpAddress, options.Limits);
}
