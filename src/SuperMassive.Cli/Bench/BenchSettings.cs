using System.Globalization;
using SuperMassive.Client;

namespace SuperMassive.Cli.Bench;

/// <summary>How commands and replies are laid out on the wire.</summary>
internal enum WireProtocol
{
    /// <summary>The line framing of docs/protocol.md.</summary>
    Line,

    /// <summary>The framing of Redis clients, which Redis, Garnet and twemproxy speak too.</summary>
    Resp,
}

/// <summary>How often which key is chosen.</summary>
internal enum KeyDistribution
{
    Uniform,

    /// <summary>Key number r (from 1) with a probability proportional to 1 / r^exponent.</summary>
    Zipf,
}

/// <summary>One run of the load generator. <see cref="BenchArguments"/> has checked it.</summary>
internal sealed record BenchSettings
{
    /// <summary>Shorter values could not hold which write they are of and prove it.</summary>
    public const int MinValueBytes = BenchValue.MinBytes;

    /// <summary>The limit of a value by line (docs/protocol.md).</summary>
    public const int MaxValueBytes = 1 << 20;

    public const int MaxKeyBytes = 1_024;

    /// <summary>What the cluster takes on one connection before it stops reading.</summary>
    public const int MaxPipeline = 10_000;

    /// <summary>What ratios given with a few decimals may be off.</summary>
    private const double RatioTolerance = 1e-6;

    /// <summary>Whom to connect to and as whom; no AUTH is sent without a username.</summary>
    public required SuperMassiveClientOptions Target { get; init; }

    public WireProtocol Protocol { get; init; }

    /// <summary>Threads, each with its own connections.</summary>
    public int Workers { get; init; } = 8;

    /// <summary>Of all workers together.</summary>
    public int Connections { get; init; } = 8;

    /// <summary>Commands that a connection has under way.</summary>
    public int Pipeline { get; init; } = 1;

    /// <summary>Measured commands; not used when there is a <see cref="Duration"/>.</summary>
    public long Operations { get; init; } = 1_000_000;

    public TimeSpan? Duration { get; init; }

    /// <summary>The same load before measuring begins.</summary>
    public TimeSpan Warmup { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long connecting may take, and how long a connection may owe a reply without giving any.</summary>
    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public int Keys { get; init; } = 100_000;

    public int KeyBytes { get; init; } = 16;

    public int ValueBytes { get; init; } = 16;

    public double ReadRatio { get; init; } = 0.8;

    public double WriteRatio { get; init; } = 0.15;

    public double DeleteRatio { get; init; } = 0.05;

    public double IncrementRatio { get; init; }

    public KeyDistribution Distribution { get; init; }

    public double ZipfExponent { get; init; } = 0.99;

    /// <summary>Equal seeds choose equal commands on each connection.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Whether every key is written before anything is measured.</summary>
    public bool Preload { get; init; } = true;

    /// <summary>Numbers that INCR counts; few enough to be contended for.</summary>
    public int Counters => IncrementRatio > 0 ? Math.Min(Keys, 1_000) : 0;

    /// <returns>What these settings contradict each other in, in words of the command line; empty when they make a run.</returns>
    public IEnumerable<string> Validate()
    {
        if (Connections < Workers)
            yield return $"--connections is {Connections}, expected at least one for each of {Workers} --workers.";
        if (Keys < Connections)
            yield return $"--keys is {Keys}, expected at least one for each of {Connections} connections, which write keys of their own.";
        if (KeyBytes < KeyFormat.MinBytes(Keys))
            yield return $"--keysize is {KeyBytes}, expected at least {KeyFormat.MinBytes(Keys)} to tell {Keys} keys apart.";
        var sum = ReadRatio + WriteRatio + DeleteRatio + IncrementRatio;
        if (Math.Abs(sum - 1) > RatioTolerance)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"--readratio {ReadRatio} + --writeratio {WriteRatio} + --deleteratio {DeleteRatio} + --incrratio {IncrementRatio}"
                + $" is {sum:0.######}, expected 1.");
        }
    }
}
