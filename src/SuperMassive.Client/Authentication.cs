using System.Text;

namespace SuperMassive.Client;

/// <summary>The first command of a connection.</summary>
internal static class Authentication
{
    /// <exception cref="SuperMassiveServerException">The cluster refuses the credentials.</exception>
    /// <exception cref="SuperMassiveConnectionException">No answer within the connect timeout, or the connection is lost.</exception>
    public static async Task RunAsync(Connection connection, SuperMassiveClientOptions options, CancellationToken cancellationToken)
    {
        var request = new Request(Verb.Auth, Encoding.UTF8.GetBytes(options.Username), Encoding.UTF8.GetBytes(options.Password));
        var pending = await connection.TrySendAsync(request, cancellationToken).ConfigureAwait(false)
            ?? throw new SuperMassiveConnectionException($"AUTH: connection to {options.Address} lost, {connection.LossReason}");
        try
        {
            var reply = await pending.WaitAsync(cancellationToken).AsTask()
                .WaitAsync(options.ConnectTimeout, options.TimeProvider, cancellationToken).ConfigureAwait(false);
            if (reply.Kind == ReplyKind.Error)
                throw new SuperMassiveServerException(reply.Text);
        }
        catch (TimeoutException e)
        {
            var waitedMs = options.ConnectTimeout.TotalMilliseconds;
            throw new SuperMassiveConnectionException($"AUTH: no reply from {options.Address} within {waitedMs:0} ms", inner: e);
        }
    }
}
