using SuperMassive.Core;
using SuperMassive.Core.Node;

namespace SuperMassive.Simulator.Processes;

/// <summary>
/// A node's core as <see cref="SimNode"/> drives it: the completions of <see cref="INodeEffects"/>, and what the checkers look
/// at once all is quiet.
/// </summary>
public abstract class NodeAdapter : IDisposable
{
    public abstract IStateMachine Machine { get; }

    public abstract void JournalWritten(long lsn);

    public abstract void JournalSynced(long lsn);

    public abstract void JournalFailed(string why);

    /// <summary>The disk had no room for a write although it had promised it.</summary>
    public abstract void JournalFull(string why);

    public abstract void JournalRead(object reader, long lsn, ReadOnlySpan<byte> bytes);

    public virtual void CheckpointWritten(long totalBytes) => throw TakesNone();

    public virtual void CheckpointInstalled(long lsn) => throw TakesNone();

    public virtual void CheckpointFailed(string why) => throw TakesNone();

    public virtual void CheckpointRead(object reader, long lsn, long offset, ReadOnlySpan<byte> bytes, long totalBytes) =>
        throw TakesNone();

    public abstract void SettingsLoaded(NodeSettings? settings, string? error);

    /// <summary>Every key the node holds something of, tombstones included, in any order.</summary>
    public abstract void ReadTable(List<HeldKey> into);

    /// <summary>The digests of the table; empty where none are kept.</summary>
    public virtual byte[] ReadDigests() => [];

    /// <summary>The same, added up anew from what the table holds.</summary>
    public virtual byte[] RecountDigests() => [];

    /// <summary>
    /// Of a primary: parts of its replicas' tables that it found to differ from its own at the same LSN, since it started.
    /// </summary>
    public virtual long DifferencesFound => 0;

    /// <summary>Frees what the collector does not: the process has died, or the world ends.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    private static InvalidOperationException TakesNone() => new("this node asks for no checkpoints");
}

/// <summary>What a node holds of one key. The value is null for a tombstone.</summary>
public readonly record struct HeldKey(string Key, Version Version, string? Value);
