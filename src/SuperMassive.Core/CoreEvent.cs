namespace SuperMassive.Core;

/// <summary>What a core reports to the operator. The shell decides on level and wording.</summary>
public enum CoreEvent
{
    LinkUp,
    LinkDown,
    LinkRefused,
    ProtocolViolation,
    AuthenticationFailed,
    LimitExceeded,
    NodeJoining,
    NodeHealthy,
    NodeRefused,
    StaleSession,
    FailedOver,
    ReplicaSyncing,
    ReplicaInSync,
    ReplicaOutOfSync,
    ReplicaRefused,
    JournalFailed,
    OutOfMemory,
    ConfigurationReloaded,
    ConfigurationRejected,
    Superseded,
    SlowCommand,
    CheckpointBegun,
    CheckpointInstalled,
    CheckpointFailed,

    /// <summary>The disk has no room for the journal: writes are refused until it has.</summary>
    JournalFull,
    JournalHasRoom,
}
