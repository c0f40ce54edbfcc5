using System.CommandLine;
using SuperMassive.Cli.Connecting;
using SuperMassive.Server.Configuration;
using static SuperMassive.Cli.Bench.BenchOption;

namespace SuperMassive.Cli.Bench;

/// <summary>The options of <c>bench</c>: those of the published benchmarker, and ours.</summary>
internal sealed class BenchArguments
{
    private const int MaxKeys = 100_000_000;

    private static readonly Dictionary<string, WireProtocol> Protocols =
        new() { ["line"] = WireProtocol.Line, ["resp"] = WireProtocol.Resp };

    private static readonly Dictionary<string, KeyDistribution> Distributions =
        new() { ["uniform"] = KeyDistribution.Uniform, ["zipf"] = KeyDistribution.Zipf };

    private readonly TargetOptions _target;

    private readonly Option<WireProtocol> _protocol = Choice(
        "--protocol", Protocols, "line: this project's; resp: that of Redis, Garnet, twemproxy and this project");

    private readonly Option<int> _workers = Count("--workers", 8, 1, 256, "Threads");
    private readonly Option<int?> _connections = new("--connections")
    {
        Description = "Connections of all workers together, 1 to 10000 [default: one per worker]",
        CustomParser = result => ParseCount(result, "--connections", 1, 10_000),
    };

    private readonly Option<int> _pipeline = Count(
        "--pipeline", 1, 1, BenchSettings.MaxPipeline, "Commands that a connection has under way");

    private readonly Option<long> _operations = new("--operations")
    {
        Description = "Measured commands, 1 to 10^12",
        DefaultValueFactory = _ => 1_000_000,
        CustomParser = result => ParseOperations(result),
    };

    private readonly Option<TimeSpan?> _duration = new("--duration")
    {
        Description = "Measure for so many seconds instead of a number of operations",
        HelpName = "seconds",
        CustomParser = result => ParseSeconds(result, "--duration", 0.1),
    };

    private readonly Option<TimeSpan?> _warmup = new("--warmup")
    {
        Description = "Seconds of the same load before measuring begins [default: 1]",
        HelpName = "seconds",
        CustomParser = result => ParseSeconds(result, "--warmup", 0),
    };

    private readonly Option<TimeSpan?> _timeout = new("--timeout")
    {
        Description = "Seconds within which to be connected, and after which a connection without any reply counts as lost [default: 10]",
        HelpName = "seconds",
        CustomParser = result => ParseSeconds(result, "--timeout", 0.1),
    };

    private readonly Option<int> _keys = Count("--keys", 100_000, 1, MaxKeys, "Different keys");
    private readonly Option<int> _keySize = Count("--keysize", 16, 5, BenchSettings.MaxKeyBytes, "Bytes of a key");
    private readonly Option<int> _valueSize = Count(
        "--valuesize", 16, BenchSettings.MinValueBytes, BenchSettings.MaxValueBytes, "Bytes of a value");

    private readonly Option<double> _readRatio = Ratio("--readratio", 0.8, "GET");
    private readonly Option<double> _writeRatio = Ratio("--writeratio", 0.15, "PUT");
    private readonly Option<double> _deleteRatio = Ratio("--deleteratio", 0.05, "DEL");
    private readonly Option<double> _incrRatio = Ratio("--incrratio", 0, "INCR (of at most 1000 other keys, set to 0 first)");

    private readonly Option<KeyDistribution> _distribution = Choice("--distribution", Distributions, "How often which key is chosen");
    private readonly Option<double> _zipfExponent = new("--zipf-exponent")
    {
        Description = "How uneven: 0.01 to 10",
        DefaultValueFactory = _ => 0.99,
        CustomParser = result => ParseNumber(result, "--zipf-exponent", 0.01, 10),
    };

    private readonly Option<int> _seed = Count("--seed", 1, 0, int.MaxValue, "Equal seeds choose equal commands on each connection");
    private readonly Option<bool> _noPreload = new("--no-preload")
    {
        Description = "Write no keys before; what is there is checked for belonging to its key only, until it is overwritten",
    };

    private readonly Option<string?> _json = new("--json") { Description = "Write the figures to this file too", HelpName = "FILE" };

    public BenchArguments(Command command)
    {
        _target = new TargetOptions(command, TargetConventions.Bench);
        foreach (var option in new Option[]
        {
            _protocol, _workers, _connections, _pipeline, _operations, _duration, _warmup, _timeout, _keys, _keySize, _valueSize,
            _readRatio, _writeRatio, _deleteRatio, _incrRatio, _distribution, _zipfExponent,
            _seed, _noPreload, _json,
        })
        {
            command.Add(option);
        }
    }

    public string? JsonFile(ParseResult parsed) => parsed.GetValue(_json);

    /// <returns>The settings, or everything that is wrong with what the options say together.</returns>
    /// <exception cref="FormatException">Half of the credentials, or a malformed secrets file.</exception>
    /// <exception cref="IOException">A file that was named cannot be read.</exception>
    public ParsedArguments<BenchSettings> Read(ParseResult parsed)
    {
        List<string> problems = [.. ProblemsOf(parsed)];
        if (problems.Count > 0)
            return ParsedArguments<BenchSettings>.Failed(problems);
        var settings = ReadSettings(parsed);
        problems.AddRange(settings.Validate());
        return problems.Count > 0 ? ParsedArguments<BenchSettings>.Failed(problems) : ParsedArguments<BenchSettings>.Of(settings);
    }

    private IEnumerable<string> ProblemsOf(ParseResult parsed)
    {
        if (IsGiven(_duration) && IsGiven(_operations))
            yield return "--duration and --operations exclude each other.";
        if (IsGiven(_zipfExponent) && parsed.GetValue(_distribution) != KeyDistribution.Zipf)
            yield return "--zipf-exponent needs --distribution zipf.";

        bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };
    }

    private BenchSettings ReadSettings(ParseResult parsed)
    {
        var workers = parsed.GetValue(_workers);
        return new BenchSettings
        {
            Target = _target.Resolve(parsed),
            Protocol = parsed.GetValue(_protocol),
            Workers = workers,
            Connections = parsed.GetValue(_connections) ?? workers,
            Pipeline = parsed.GetValue(_pipeline),
            Operations = parsed.GetValue(_operations),
            Duration = parsed.GetValue(_duration),
            Warmup = parsed.GetValue(_warmup) ?? TimeSpan.FromSeconds(1),
            ReplyTimeout = parsed.GetValue(_timeout) ?? TimeSpan.FromSeconds(10),
            Keys = parsed.GetValue(_keys),
            KeyBytes = parsed.GetValue(_keySize),
            ValueBytes = parsed.GetValue(_valueSize),
            ReadRatio = parsed.GetValue(_readRatio),
            WriteRatio = parsed.GetValue(_writeRatio),
            DeleteRatio = parsed.GetValue(_deleteRatio),
            IncrementRatio = parsed.GetValue(_incrRatio),
            Distribution = parsed.GetValue(_distribution),
            ZipfExponent = parsed.GetValue(_zipfExponent),
            Seed = parsed.GetValue(_seed),
            Preload = !parsed.GetValue(_noPreload),
        };
    }
}
