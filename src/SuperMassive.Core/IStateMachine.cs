namespace SuperMassive.Core;

/// <summary>
/// A core as its shell drives it: deterministic, single-threaded, run to completion. Every input stands between a
/// <see cref="BeginBatch"/> and an <see cref="EndBatch"/>; what the core wants done, it asks of its effects.
/// </summary>
public interface IStateMachine
{
    /// <summary>
    /// Starts a batch: whatever was readable at one wake-up. Called at least every 50 ms, so deadlines are checked here.
    /// </summary>
    /// <param name="unixMs">The wall clock. May jump in both directions; cores stay correct when it does.</param>
    /// <param name="monotonicMs">Milliseconds that only go forward: for timeouts and intervals.</param>
    void BeginBatch(long unixMs, long monotonicMs);

    /// <summary>
    /// The moment of this batch more finely, after <see cref="BeginBatch"/>: for measuring only, nothing is decided by it.
    /// </summary>
    void MeasureAt(long monotonicUs)
    {
    }

    /// <summary>Somebody connected to this process.</summary>
    void Accepted(Channel channel);

    /// <summary>A channel that the core asked for is connected (and its TLS handshake done).</summary>
    void Opened(Channel channel);

    /// <summary>
    /// Bytes arrived. <paramref name="bytes"/> starts with what was left unconsumed the last time.
    /// </summary>
    /// <returns>How many bytes were consumed; the rest is handed in again together with what follows.</returns>
    int Received(Channel channel, ReadOnlySpan<byte> bytes);

    /// <summary>
    /// The peer has sent its last byte but may still read (<c>printf … | nc -N</c>). What is left unconsumed will never be whole.
    /// </summary>
    /// <returns>
    /// True: replies are still owed, and the core closes the channel itself after writing them. False:
    /// <see cref="Closed"/> follows at once.
    /// </returns>
    bool Ended(Channel channel) => false;

    /// <summary>
    /// The channel was lost, could not be connected, or was closed by the peer. Called once, and never for a channel that
    /// the core closed itself.
    /// </summary>
    void Closed(Channel channel, string reason);

    /// <summary>
    /// Ends the batch. The node's journal is written here. Afterwards the shell sends every marked channel once.
    /// </summary>
    void EndBatch();

    /// <summary>The process is asked to stop: finish what was begun, take nothing new.</summary>
    void BeginDrain();

    /// <summary>Whether nothing is under way any more, so that the process may end without breaking an answer.</summary>
    bool IsDrained { get; }
}
