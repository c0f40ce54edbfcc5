using Microsoft.Extensions.Logging;
using SuperMassive.Core;

namespace SuperMassive.Server.Hosting;

/// <summary>What a core reports, as log lines: one wording and one level for each.</summary>
internal static partial class CoreLog
{
    public static void Write(ILogger logger, CoreEvent what, string subject, string detail)
    {
        switch (what)
        {
            case CoreEvent.LinkUp:
                LinkUp(logger, subject, detail);
                break;
            case CoreEvent.LinkDown:
                LinkDown(logger, subject, detail);
                break;
            case CoreEvent.LinkRefused:
                LinkRefused(logger, subject, detail);
                break;
            case CoreEvent.ProtocolViolation:
                ProtocolViolation(logger, subject, detail);
                break;
            case CoreEvent.AuthenticationFailed:
                AuthenticationFailed(logger, subject, detail);
                break;
            case CoreEvent.NodeHealthy:
                NodeHealthy(logger, subject, detail);
                break;
            case CoreEvent.NodeRefused:
                NodeRefused(logger, subject, detail);
                break;
            case CoreEvent.ReplicaSyncing:
                ReplicaSyncing(logger, subject, detail);
                break;
            case CoreEvent.ReplicaInSync:
                ReplicaInSync(logger, subject, detail);
                break;
            case CoreEvent.ReplicaOutOfSync:
                ReplicaOutOfSync(logger, subject, detail);
                break;
            case CoreEvent.ReplicaRefused:
                ReplicaRefused(logger, subject, detail);
                break;
            case CoreEvent.JournalFailed:
                JournalFailed(logger, subject, detail);
                break;
            case CoreEvent.ConfigurationReloaded:
                ConfigurationReloaded(logger, subject);
                break;
            case CoreEvent.ConfigurationRejected:
                ConfigurationRejected(logger, subject, detail);
                break;
            case CoreEvent.Superseded:
                Superseded(logger, subject, detail);
                break;
            default:
                Other(logger, what, subject, detail);
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Peer} is connected: {Detail}")]
    private static partial void LinkUp(ILogger logger, string peer, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Peer} is down: {Reason}")]
    private static partial void LinkDown(ILogger logger, string peer, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Peer} does not take this process yet: {Reason}")]
    private static partial void LinkRefused(ILogger logger, string peer, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Peer} sent what it must not: {What}")]
    private static partial void ProtocolViolation(ILogger logger, string peer, string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Peer} did not authenticate: {Reason}")]
    private static partial void AuthenticationFailed(ILogger logger, string peer, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Node} is healthy: {Detail}")]
    private static partial void NodeHealthy(ILogger logger, string node, string detail);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Node} is not let in: {Reason}")]
    private static partial void NodeRefused(ILogger logger, string node, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "replica {Replica} syncs: {Detail}")]
    private static partial void ReplicaSyncing(ILogger logger, string replica, string detail);

    [LoggerMessage(Level = LogLevel.Information, Message = "replica {Replica} is in sync {Detail}")]
    private static partial void ReplicaInSync(ILogger logger, string replica, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "replica {Replica} is out of sync: {Reason}")]
    private static partial void ReplicaOutOfSync(ILogger logger, string replica, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "replica {Replica} cannot follow: {Reason}")]
    private static partial void ReplicaRefused(ILogger logger, string replica, string reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Subject} can no longer be written: {Reason}")]
    private static partial void JournalFailed(ILogger logger, string subject, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Process} reloaded its configuration")]
    private static partial void ConfigurationReloaded(ILogger logger, string process);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Process} keeps its configuration: {Problem}")]
    private static partial void ConfigurationRejected(ILogger logger, string process, string problem);

    [LoggerMessage(Level = LogLevel.Critical, Message = "a newer cluster process has taken over {Node}: {Detail}")]
    private static partial void Superseded(ILogger logger, string node, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{What}: {Subject} {Detail}")]
    private static partial void Other(ILogger logger, CoreEvent what, string subject, string detail);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Process} listens on {Address}")]
    public static partial void Listening(ILogger logger, string process, string address);

    [LoggerMessage(Level = LogLevel.Information, Message = "recovered {Records} records, {Keys} keys from {Bytes} bytes of journal{Torn}")]
    public static partial void Recovered(ILogger logger, long records, long keys, long bytes, string torn);

    [LoggerMessage(Level = LogLevel.Information, Message = "recovering: {Percent}% of {Bytes} bytes of journal")]
    public static partial void Recovering(ILogger logger, int percent, long bytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    public static partial void Warn(ILogger logger, string warning);

    [LoggerMessage(Level = LogLevel.Information, Message = "stopping: finishing what was begun")]
    public static partial void Draining(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "stopping with work unfinished: it took longer than {LimitMs} ms")]
    public static partial void DrainTimedOut(ILogger logger, int limitMs);
}
