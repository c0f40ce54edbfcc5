using System.Net.Sockets;
using SuperMassive.Core;
using SuperMassive.Server.Configuration;

namespace SuperMassive.Server.Loop.Sockets;

/// <summary>Connects by .NET's sockets: name, address after address, TLS. Runs on the thread pool.</summary>
internal static class StreamConnector
{
    /// <exception cref="ConnectException">An expected failure, in words.</exception>
    public static async Task<(Socket Socket, Stream Stream)> OpenAsync(PeerAddress peer, CancellationToken cancel)
    {
        if (!HostPort.TryParse(peer.Address, out var hostPort))
            throw new ConnectException($"{peer.Address} is not host:port");
        // before connecting: a peer is not to be bothered when our own configuration is at fault
        var tls = peer.UseTls ? TlsClientOptions.Load(hostPort.Host, peer.CaCertFile) : null;
        var socket = await ConnectAsync(hostPort, cancel).ConfigureAwait(false);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (tls is null)
            return (socket, stream);
        try
        {
            stream = await tls.HandshakeAsync(stream, cancel).ConfigureAwait(false);
            return (socket, stream);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<Socket> ConnectAsync(HostPort hostPort, CancellationToken cancel)
    {
        var (addresses, failure) = await NameLookup.ResolveAsync(hostPort, cancel).ConfigureAwait(false);
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                ListenSocket.SetOptions(socket);
                await socket.ConnectAsync(address, cancel).ConfigureAwait(false);
                return socket;
            }
            catch (SocketException e)
            {
                socket.Dispose();
                failure = Reasons.Of(e);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw new ConnectException(failure);
    }
}
