using Microsoft.Extensions.Logging;
using SuperMassive.Core;

namespace SuperMassive.Server.Hosting;

/// <summary>
/// What a core reports, as log lines: one wording, one level and one event id for each, which never gets another meaning.
/// </summary>
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
            case CoreEvent.NodeJoining:
                NodeJoining(logger, subject, detail);
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
            case CoreEvent.JournalFull:
                JournalFull(logger, subject, detail);
                break;
            case CoreEvent.JournalHasRoom:
                JournalHasRoom(logger, subject, detail);
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
            case CoreEvent.CheckpointBegun:
                CheckpointBegun(logger, subject, detail);
                break;
            case CoreEvent.CheckpointInstalled:
                CheckpointInstalled(logger, subject, detail);
                break;
            case CoreEvent.CheckpointFailed:
                CheckpointFailed(logger, subject, detail);
                break;
            default:
                Other(logger, what, subject, detail);
                break;
        }
    }

    [LoggerMessage(101, LogLevel.Information, "{Peer} is connected: {Detail}")]
    private static partial void LinkUp(ILogger logger, string peer, string detail);

    [LoggerMessage(102, LogLevel.Warning, "{Peer} is down: {Reason}")]
    private static partial void LinkDown(ILogger logger, string peer, string reason);

    [LoggerMessage(103, LogLevel.Information, "{Peer} does not take this process yet: {Reason}")]
    private static partial void LinkRefused(ILogger logger, string peer, string reason);

    [LoggerMessage(104, LogLevel.Warning, "{Peer} sent what it must not: {What}")]
    private static partial void ProtocolViolation(ILogger logger, string peer, string what);

    [LoggerMessage(105, LogLevel.Warning, "{Peer} did not authenticate: {Reason}")]
    private static partial void AuthenticationFailed(ILogger logger, string peer, string reason);

    [LoggerMessage(116, LogLevel.Information, "{Node} joins {Detail}")]
    private static partial void NodeJoining(ILogger logger, string node, string detail);

    [LoggerMessage(106, LogLevel.Information, "{Node} is healthy: {Detail}")]
    private static partial void NodeHealthy(ILogger logger, string node, string detail);

    [LoggerMessage(107, LogLevel.Error, "{Node} is not let in: {Reason}")]
    private static partial void NodeRefused(ILogger logger, string node, string reason);

    [LoggerMessage(108, LogLevel.Information, "replica {Replica} syncs: {Detail}")]
    private static partial void ReplicaSyncing(ILogger logger, string replica, string detail);

    [LoggerMessage(109, LogLevel.Information, "replica {Replica} is in sync {Detail}")]
    private static partial void ReplicaInSync(ILogger logger, string replica, string detail);

    [LoggerMessage(110, LogLevel.Warning, "replica {Replica} is out of sync: {Reason}")]
    private static partial void ReplicaOutOfSync(ILogger logger, string replica, string reason);

    [LoggerMessage(111, LogLevel.Error, "replica {Replica} cannot follow: {Reason}")]
    private static partial void ReplicaRefused(ILogger logger, string replica, string reason);

    [LoggerMessage(112, LogLevel.Critical, "{Subject} can no longer be written: {Reason}")]
    private static partial void JournalFailed(ILogger logger, string subject, string reason);

    [LoggerMessage(121, LogLevel.Error, "the journal disk of {Node} is full, so it only reads: {Detail}")]
    private static partial void JournalFull(ILogger logger, string node, string detail);

    [LoggerMessage(122, LogLevel.Information, "the journal disk of {Node} has room again: {Detail}")]
    private static partial void JournalHasRoom(ILogger logger, string node, string detail);

    [LoggerMessage(113, LogLevel.Information, "{Process} reloaded its configuration")]
    private static partial void ConfigurationReloaded(ILogger logger, string process);

    [LoggerMessage(114, LogLevel.Error, "{Process} keeps its configuration: {Problem}")]
    private static partial void ConfigurationRejected(ILogger logger, string process, string problem);

    [LoggerMessage(115, LogLevel.Critical, "a newer cluster process has taken over {Node}: {Detail}")]
    private static partial void Superseded(ILogger logger, string node, string detail);

    [LoggerMessage(118, LogLevel.Debug, "{Node} begins a checkpoint {Detail}")]
    private static partial void CheckpointBegun(ILogger logger, string node, string detail);

    [LoggerMessage(119, LogLevel.Information, "{Node} has a new checkpoint: {Detail}")]
    private static partial void CheckpointInstalled(ILogger logger, string node, string detail);

    [LoggerMessage(120, LogLevel.Warning, "{Node} could not write a checkpoint and tries again later: {Reason}")]
    private static partial void CheckpointFailed(ILogger logger, string node, string reason);

    [LoggerMessage(199, LogLevel.Warning, "{What}: {Subject} {Detail}")]
    private static partial void Other(ILogger logger, CoreEvent what, string subject, string detail);

    [LoggerMessage(201, LogLevel.Information, "{Process} listens on {Address}")]
    public static partial void Listening(ILogger logger, string process, string address);

    [LoggerMessage(202, LogLevel.Information,
        "recovered {Records} records, {Keys} keys from {Bytes} bytes{Checkpoint}; the journal ends at LSN {EndLsn}{Torn}")]
    public static partial void Recovered(ILogger logger, long records, long keys, long bytes, string checkpoint, long endLsn, string torn);

    [LoggerMessage(203, LogLevel.Information, "recovering {Percent} % of {Bytes} bytes, about {SecondsLeft} s left")]
    public static partial void Recovering(ILogger logger, int percent, long bytes, long secondsLeft);

    [LoggerMessage(204, LogLevel.Warning, "{Warning}")]
    public static partial void Warn(ILogger logger, string warning);

    [LoggerMessage(205, LogLevel.Information, "stopping: finishing what was begun")]
    public static partial void Draining(ILogger logger);

    [LoggerMessage(207, LogLevel.Information, "health and metrics are on {Address}")]
    public static partial void ServesHttp(ILogger logger, string address);

    [LoggerMessage(117, LogLevel.Warning, "slow: {Verb} {KeyPrefix} took {DurationMs} ms: {Outcome}")]
    public static partial void SlowCommand(ILogger logger, string verb, string keyPrefix, long durationMs, string outcome);

    [LoggerMessage(206, LogLevel.Warning, "stopping with work unfinished: it took longer than {LimitMs} ms")]
    public static partial void DrainTimedOut(ILogger logger, int limitMs);
}
