namespace SuperMassive.Cli.Bench;

/// <summary>What all connections of a run share.</summary>
internal sealed class LoadPlan
{
    private readonly TaskCompletionSource<string> _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _measureFrom = long.MaxValue;
    private long _measureUntil = long.MaxValue;

    /// <param name="run">See <see cref="BenchValue.Fill"/>.</param>
    public LoadPlan(BenchSettings settings, int run)
    {
        Settings = settings;
        Run = run;
        Wire = Wire.Of(settings.Protocol);
        Format = new KeyFormat(settings.KeyBytes);
        Ledger = new KeyLedger(settings.Keys);
        Counters = new CounterLedger(settings.Counters);
        Check = new ReplyCheck(Ledger, Counters, Format, settings, run);
    }

    public BenchSettings Settings { get; }

    public int Run { get; }

    public Wire Wire { get; }

    public KeyFormat Format { get; }

    public KeyLedger Ledger { get; }

    public CounterLedger Counters { get; }

    public ReplyCheck Check { get; }

    /// <summary>Commands that any work has under way on one connection.</summary>
    public int MaxPipeline => Math.Max(Settings.Pipeline, Work.SetUpPipeline);

    /// <summary>Completes with why the run makes no sense any more.</summary>
    public Task<string> Aborted => _aborted.Task;

    public long MeasureFrom => Volatile.Read(ref _measureFrom);

    /// <summary>Stopwatch ticks; what is answered later is checked, but not measured.</summary>
    public long MeasureUntil => Volatile.Read(ref _measureUntil);

    public void Measure(long from, long until)
    {
        Volatile.Write(ref _measureUntil, until);
        Volatile.Write(ref _measureFrom, from);
    }

    public bool IsMeasuredAt(long now) => now >= MeasureFrom && now <= MeasureUntil;

    public void Abort(string reason) => _aborted.TrySetResult(reason);
}
