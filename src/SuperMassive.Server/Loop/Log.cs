using Microsoft.Extensions.Logging;

namespace SuperMassive.Server.Loop;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "A bug: input from {Peer} was not handled; the connection is closed")]
    public static partial void InputFailed(ILogger logger, Exception exception, string peer);

    [LoggerMessage(2, LogLevel.Critical, "A bug: the event loop ends, because its state is not known any more")]
    public static partial void LoopFailed(ILogger logger, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "{Address}: {Limit} connections are open, which is the limit; further ones are turned away")]
    public static partial void TooManyConnections(ILogger logger, string address, int limit);

    [LoggerMessage(4, LogLevel.Error, "{Address}: no connection can be accepted: {Reason}; trying again every {RetryMs} ms")]
    public static partial void AcceptFailed(ILogger logger, string address, string reason, int retryMs);

    [LoggerMessage(5, LogLevel.Information, "{Peer}: TLS handshake failed: {Reason}")]
    public static partial void HandshakeFailed(ILogger logger, string peer, string reason);

    [LoggerMessage(6, LogLevel.Debug, "{Peer}: TLS was not ended properly: {Reason}")]
    public static partial void FarewellFailed(ILogger logger, string peer, string reason);
}
