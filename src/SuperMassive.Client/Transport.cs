using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SuperMassive.Client;

/// <summary>Opens the byte stream to a cluster: TCP, and TLS over it when asked.</summary>
internal static class Transport
{
    /// <exception cref="SuperMassiveConnectionException">Not reached, not trusted, or not within the connect timeout.</exception>
    public static async Task<Stream> OpenAsync(SuperMassiveClientOptions options, CancellationToken cancellationToken)
    {
        if (!Endpoint.TryParse(options.Address, out var endpoint))
            throw new SuperMassiveConnectionException($"address is '{options.Address}', expected host:port");
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await OpenAsync(options, endpoint, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure(options, $"no connection within {options.ConnectTimeout.TotalMilliseconds:0} ms", null);
        }
        catch (SocketException e)
        {
            throw Failure(options, e.Message, e);
        }
        catch (AuthenticationException e)
        {
            throw Failure(options, $"TLS: {e.Message}", e);
        }
        catch (CryptographicException e)
        {
            throw Failure(options, $"cannot read the certificates in '{options.CaCertFile}': {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(options, e.Message, e);
        }
    }

    private static async Task<Stream> OpenAsync(SuperMassiveClientOptions options, Endpoint endpoint, CancellationToken cancellationToken)
    {
        // read first: a missing file is no reason to bother the cluster
        var trust = options is { UseTls: true, CaCertFile: not "" } ? TrustOnly(options.CaCertFile) : null;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(endpoint.Host, endpoint.Port, cancellationToken).ConfigureAwait(false);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (!options.UseTls)
                return stream;
            var tls = new SslStream(stream);
            stream = tls;
            var settings = new SslClientAuthenticationOptions { TargetHost = endpoint.Host, CertificateChainPolicy = trust };
            await tls.AuthenticateAsClientAsync(settings, cancellationToken).ConfigureAwait(false);
            return tls;
        }
        catch
        {
            if (stream is not null)
                await stream.DisposeAsync().ConfigureAwait(false);
            socket.Dispose();
            throw;
        }
    }

    private static X509ChainPolicy TrustOnly(string caCertFile)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck, // a private authority publishes no revocation list
        };
        policy.CustomTrustStore.ImportFromPemFile(caCertFile);
        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new CryptographicException("there is none");
    }

    private static SuperMassiveConnectionException Failure(SuperMassiveClientOptions options, string why, Exception? inner) =>
        new($"cannot connect to {options.Address}: {why}", inner: inner);
}
