using SuperMassive.Core.Protocol;

namespace SuperMassive.Core.Cluster;

/// <summary>
/// A command that took longer than <see cref="ClusterSettings.SlowCommandMs"/>. It has no value in it, and only the beginning of a key.
/// </summary>
/// <param name="KeyPrefix">The first bytes of the key or the pattern, made printable; empty for a command without one.</param>
public readonly record struct SlowCommand(Verb Verb, string KeyPrefix, long DurationMs, CommandOutcome Outcome);
