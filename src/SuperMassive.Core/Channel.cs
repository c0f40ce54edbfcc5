using SuperMassive.Core.Protocol;

namespace SuperMassive.Core;

/// <summary>
/// One ordered byte stream to a peer, as a core sees it. Shells derive theirs: a socket, a pair of buffers within one
/// process, a simulated connection.
/// </summary>
public abstract class Channel
{
    private readonly OutputBuffer _output;
    private bool _dirty;

    /// <param name="peer">The other side's address, for logs and errors.</param>
    /// <param name="bufferBytes">Initial size of the output buffer; it grows as needed.</param>
    /// <param name="gated">Whether what is written waits for <see cref="OutputBuffer.Release"/>.</param>
    protected Channel(string peer, int bufferBytes, bool gated)
    {
        Peer = peer;
        _output = new OutputBuffer(bufferBytes) { IsGated = gated };
    }

    public string Peer { get; }

    /// <summary>The core's own state of this connection; the shell never touches it.</summary>
    public object? Owner { get; set; }

    /// <summary>
    /// Where to write. Asking for it marks the channel, so that the shell looks at it at the end of the batch: nothing that
    /// was written or released can be forgotten.
    /// </summary>
    public OutputBuffer Output
    {
        get
        {
            if (!_dirty)
            {
                _dirty = true;
                OnDirty();
            }
            return _output;
        }
    }

    /// <summary>
    /// While true the core is handed nothing more of this channel. Set back to false, the shell hands over what was left
    /// unconsumed and reads on, in this batch or the next.
    /// </summary>
    public abstract bool IsReadingPaused { get; set; }

    /// <summary>Sends what was released, then closes. The core hears no more of this channel, not even that it closed.</summary>
    public abstract void Close();

    /// <summary>Closes now; what was not sent is dropped. The core hears no more of this channel.</summary>
    public abstract void Abort();

    /// <summary>The buffer without marking it: for the shell.</summary>
    protected OutputBuffer Buffer => _output;

    /// <summary>Called once per batch, when the core first asks for <see cref="Output"/>.</summary>
    protected abstract void OnDirty();

    /// <summary>To be called by the shell before it sends; the next access to <see cref="Output"/> marks the channel again.</summary>
    protected void ClearDirty() => _dirty = false;
}
