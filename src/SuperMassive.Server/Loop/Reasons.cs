using System.Net.Sockets;

namespace SuperMassive.Server.Loop;

/// <summary>Why a channel was closed, in words for an operator.</summary>
internal static class Reasons
{
    public const string ClosedByPeer = "closed by the peer";
    public const string Reset = "connection reset";
    public const string Refused = "connection refused";
    public const string NoRoute = "no route";
    public const string NameNotFound = "name not found";
    public const string ConnectTimeout = "connect timeout";
    public const string HandshakeTimeout = "not finished in time";
    public const string WriteTimeout = "write timeout";
    public const string TooLarge = "more input than a buffer can hold";
    public const string InternalError = "internal error";

    public static string Of(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => Refused,
        SocketError.NetworkUnreachable or SocketError.HostUnreachable => NoRoute,
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => NameNotFound,
        SocketError.TimedOut => "connection timed out",
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => Reset,
        _ => new SocketException((int)error).Message,
    };

    public static string Of(Exception failure) => failure switch
    {
        ConnectException refused => refused.Message,
        SocketException socket => Of(socket.SocketErrorCode),
        IOException { InnerException: SocketException socket } => Of(socket.SocketErrorCode),
        ObjectDisposedException => Reset,
        { InnerException: { } inner } => $"{failure.Message} {inner.Message}",
        _ => failure.Message,
    };
}

/// <summary>An expected failure to connect; the message is the reason as the operator reads it.</summary>
internal sealed class ConnectException(string reason) : Exception(reason);
