namespace SuperMassive.Core.Node.Replication;

/// <summary>What a primary asks its replica for. Replies come in the order of the requests.</summary>
internal enum FeedVerb : byte
{
    StartSync,
    Surplus,
    SurplusCheckpoint,
    FullSync,
    Checkpoint,
    Pages,
    DoneSync,
    Digest,
    Compare,
    Held,
    Mend,
    Ping,
}

/// <param name="EndLsn">Up to where the replica has the journal once it has answered.</param>
internal readonly record struct FeedRequest(FeedVerb Verb, long SentMs, long EndLsn);
