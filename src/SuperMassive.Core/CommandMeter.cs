using System.Collections.Immutable;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Core;

/// <summary>How a command ended, as far as an operator cares.</summary>
public enum CommandOutcome : byte
{
    Ok,
    NotFound,
    Error,

    /// <summary>Nobody knows whether it was carried out.</summary>
    Timeout,

    /// <summary>What it needs cannot be reached now.</summary>
    Unavailable,
}

/// <summary>
/// Counts commands and their durations in fixed arrays: recording one costs a few nanoseconds and no allocation, and the shell copies
/// the arrays when somebody wants to see them.
/// </summary>
public sealed class CommandMeter
{
    private readonly long[] _counts = new long[CommandFigures.Verbs * CommandFigures.Outcomes];
    private readonly long[] _buckets = new long[CommandFigures.Verbs * CommandFigures.Buckets];
    private readonly long[] _sumsUs = new long[CommandFigures.Verbs * CommandFigures.Buckets];

    /// <summary>When the present batch began, in microseconds of the monotonic clock.</summary>
    public long NowUs { get; set; }

    public void Count(Verb verb, CommandOutcome outcome) => _counts[(int)verb * CommandFigures.Outcomes + (int)outcome]++;

    /// <param name="durationUs">From the wake-up that read the command to the one that answered it; 0 when they are the same.</param>
    public void Count(Verb verb, CommandOutcome outcome, long durationUs)
    {
        Count(verb, outcome);
        durationUs = Math.Max(durationUs, 0);
        var at = (int)verb * CommandFigures.Buckets + BucketOf(durationUs);
        _buckets[at]++;
        _sumsUs[at] += durationUs;
    }

    /// <summary>A copy that any thread may read.</summary>
    public CommandFigures Figures() => new([.. _counts], [.. _buckets], [.. _sumsUs]);

    private static int BucketOf(long durationUs)
    {
        var bounds = CommandFigures.BoundsUs.AsSpan();
        for (var i = 0; i < bounds.Length; i++)
        {
            if (durationUs <= bounds[i])
                return i;
        }
        return bounds.Length;
    }
}

/// <summary>What a <see cref="CommandMeter"/> had counted at one moment; immutable.</summary>
public sealed class CommandFigures
{
    internal const int Verbs = (int)Verb.Mend + 1;
    internal const int Outcomes = (int)CommandOutcome.Unavailable + 1;

    private readonly ImmutableArray<long> _counts;
    private readonly ImmutableArray<long> _buckets;
    private readonly ImmutableArray<long> _sumsUs;

    internal CommandFigures(ImmutableArray<long> counts, ImmutableArray<long> buckets, ImmutableArray<long> sumsUs)
    {
        _counts = counts;
        _buckets = buckets;
        _sumsUs = sumsUs;
    }

    /// <summary>Upper bounds of the duration buckets in microseconds, each included; one more bucket has none.</summary>
    public static ImmutableArray<long> BoundsUs { get; } =
    [
        50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
        10_000_000,
    ];

    /// <summary>Number of duration buckets, the one without a bound included.</summary>
    public static int Buckets { get; } = BoundsUs.Length + 1;

    public long Count(Verb verb, CommandOutcome outcome) => _counts[(int)verb * Outcomes + (int)outcome];

    /// <summary>Commands whose duration fell into a bucket.</summary>
    public long InBucket(Verb verb, int bucket) => _buckets[(int)verb * Buckets + bucket];

    /// <summary>The durations of those commands together, in microseconds.</summary>
    public long SumUs(Verb verb, int bucket) => _sumsUs[(int)verb * Buckets + bucket];
}
