namespace SuperMassive.Client;

/// <summary>A command that did not do what was asked.</summary>
public abstract class SuperMassiveException(string message, bool isIndeterminate, Exception? inner) : Exception(message, inner)
{
    /// <summary>True when a write may or may not have happened: read the key, or repeat the command if it is idempotent.</summary>
    public bool IsIndeterminate { get; } = isIndeterminate;
}

/// <summary>The cluster answered <c>ERR …</c>; the message is that answer.</summary>
public sealed class SuperMassiveServerException(string message)
    : SuperMassiveException(message, message == "ERR timeout", inner: null)
{
    /// <summary>The answer without its leading <c>ERR</c>, such as <c>key-value not found</c>.</summary>
    public string Reason => Message.StartsWith("ERR ", StringComparison.Ordinal) ? Message[4..] : Message;
}

/// <summary>The connection could not be made, or was lost while a command waited for its reply.</summary>
public sealed class SuperMassiveConnectionException(string message, bool isIndeterminate = false, Exception? inner = null)
    : SuperMassiveException(message, isIndeterminate, inner);

/// <summary>No reply within <see cref="SuperMassiveClientOptions.CommandTimeout"/>.</summary>
public sealed class SuperMassiveTimeoutException(string message, bool isIndeterminate = false, Exception? inner = null)
    : SuperMassiveException(message, isIndeterminate, inner);
