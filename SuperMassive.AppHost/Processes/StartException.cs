namespace SuperMassive.AppHost.Processes;

/// <summary>A topology could not be started; the message says which process and why, for people.</summary>
public sealed class StartException(string message) : Exception(message);
