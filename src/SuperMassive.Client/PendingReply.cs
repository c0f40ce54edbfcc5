namespace SuperMassive.Client;

/// <summary>
/// A place in the queue of expected replies. It stays there when its caller gave up, because the reply still arrives and must be
/// matched; whoever completes it first wins.
/// </summary>
internal sealed class PendingReply(Verb verb, long sentAt) : TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public Verb Verb => verb;

    /// <summary>Timestamp of the options' clock.</summary>
    public long SentAt => sentAt;

    public async ValueTask<Reply> WaitAsync(CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled)
            return await Task.ConfigureAwait(false);
        await using var registration = cancellationToken.UnsafeRegister(
            static (pending, token) => ((PendingReply)pending!).TrySetCanceled(token), this).ConfigureAwait(false);
        return await Task.ConfigureAwait(false);
    }
}
