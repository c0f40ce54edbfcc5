using SuperMassive.Core.Protocol;

namespace SuperMassive.Core.Cluster;

/// <summary>Counts what clients were answered, and reports what took too long.</summary>
internal sealed class CommandWatch(ClusterCore core, IClusterEffects effects)
{
    /// <summary>When everything is slow, a few of them tell the story; the rest is only counted.</summary>
    private const int MaxReportsPerSecond = 10;

    private const int KeyPrefixBytes = 32;

    private long _reportingMs = long.MinValue;
    private int _reports;

    public CommandMeter Meter { get; } = new();

    public long SlowCommands { get; private set; }

    public void Answered(Operation operation, Outcome outcome, ReadOnlySpan<byte> payload)
    {
        if (operation.Kind == OperationKind.Resolve)
            return;
        var result = outcome switch
        {
            Outcome.Missing => CommandOutcome.NotFound,
            Outcome.Error => ErrorOf(payload),
            _ => CommandOutcome.Ok,
        };
        var durationUs = Meter.NowUs - operation.StartedUs;
        Meter.Count(operation.Verb, result, durationUs);
        if (durationUs >= core.Settings.SlowCommandMs * 1_000L)
            Slow(operation, durationUs / 1_000, result);
    }

    private static CommandOutcome ErrorOf(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("timeout"u8) ? CommandOutcome.Timeout
        : text.SequenceEqual("key-value unavailable"u8) || text.SequenceEqual("no primary nodes available"u8) ? CommandOutcome.Unavailable
        : CommandOutcome.Error;

    private void Slow(Operation operation, long durationMs, CommandOutcome outcome)
    {
        SlowCommands++;
        if (core.NowMs - _reportingMs >= 1_000 || _reportingMs == long.MinValue)
        {
            _reportingMs = core.NowMs;
            _reports = 0;
        }
        if (_reports++ >= MaxReportsPerSecond)
            return;
        var key = operation.Key;
        var prefix = Links.PeerText.Of(key[..Math.Min(key.Length, KeyPrefixBytes)]);
        effects.SlowCommand(new SlowCommand(operation.Verb, key.Length > KeyPrefixBytes ? prefix + "…" : prefix, durationMs, outcome));
    }
}
