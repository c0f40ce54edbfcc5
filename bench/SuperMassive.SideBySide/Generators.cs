using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SuperMassive.SideBySide;

/// <summary>What makes the load. Each run writes every key, warms up and then measures.</summary>
internal abstract class Generator(double seconds, double warmupSeconds)
{
    private static readonly TimeSpan RunLimit = TimeSpan.FromSeconds(90);

    protected double Seconds => seconds;

    protected double WarmupSeconds => warmupSeconds;

    public abstract string Name { get; }

    /// <returns>Operations per second.</returns>
    /// <exception cref="MeasurementException">It failed, or an answer was wrong.</exception>
    public abstract Task<double> RunAsync(Subject subject, Load load, CancellationToken cancel);

    protected static async Task<(int ExitCode, string Output)> RunAsync(
        string program, IEnumerable<string> arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(RunLimit);
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            return (process.ExitCode, await output.ConfigureAwait(false) + await errors.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancel.ThrowIfCancellationRequested();
            throw new MeasurementException($"{Path.GetFileName(program)} did not end within {RunLimit.TotalSeconds} s");
        }
    }
}

/// <summary><c>supermassive bench</c> on one thread.</summary>
internal sealed class BenchGenerator(double seconds, double warmupSeconds, string folder) : Generator(seconds, warmupSeconds)
{
    public override string Name => "supermassive bench";

    public override async Task<double> RunAsync(Subject subject, Load load, CancellationToken cancel) =>
        (await RunAsync(subject, load, Mix.Standard, cancel).ConfigureAwait(false)).PerSecond;

    /// <returns>Operations per second, and how many there were besides those of preloading and warming up.</returns>
    /// <exception cref="MeasurementException">It failed, or an answer was wrong.</exception>
    public async Task<(double PerSecond, long Count)> RunAsync(Subject subject, Load load, Mix mix, CancellationToken cancel)
    {
        var json = Path.Combine(folder, "bench.json");
        File.Delete(json);
        var (exitCode, output) = await RunAsync(Built.Dotnet,
        [
            Built.Find("supermassive"), "bench", "--cluster", $"127.0.0.1:{subject.Port}", "--workers", "1",
            "--connections", $"{load.Connections}", "--pipeline", $"{load.Pipeline}", "--keys", $"{Load.Keys}",
            "--valuesize", $"{Load.ValueBytes}", "--keysize", $"{mix.KeyBytes}", "--readratio", Text(mix.Get),
            "--writeratio", Text(mix.Put), "--deleteratio", Text(mix.Delete),
            "--duration", Text(Seconds), "--warmup", Text(WarmupSeconds), "--json", json,
            .. mix.Preload ? (string[])[] : ["--no-preload"],
            .. subject.IsOurs ? (string[])["--user", Subject.Username, "--pass", Subject.Password] : ["--protocol", "resp"],
        ], cancel).ConfigureAwait(false);
        if (exitCode != 0)
            throw new MeasurementException(output);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(json, cancel).ConfigureAwait(false));
        var total = report.RootElement.GetProperty("total");
        return (total.GetProperty("perSecond").GetDouble(), total.GetProperty("count").GetInt64());
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A program with kvbench's options and output: it does a number of operations, not of seconds.</summary>
internal sealed partial class KvbenchGenerator(double seconds, double warmupSeconds, string program) : Generator(seconds, warmupSeconds)
{
    private const long FirstOperations = 20_000;

    private readonly Dictionary<(string, Load), double> _rates = [];

    public override string Name => Path.GetFileName(program);

    public override async Task<double> RunAsync(Subject subject, Load load, CancellationToken cancel)
    {
        // it has no warming up: the first run of each kind tells how many operations fill the time, and serves as one
        if (!_rates.TryGetValue((subject.Id, load), out var rate))
            rate = await RunAsync(subject, load, FirstOperations, cancel).ConfigureAwait(false);
        var operations = Math.Max(FirstOperations, (long)(rate * (Seconds + WarmupSeconds)));
        return _rates[(subject.Id, load)] = await RunAsync(subject, load, operations, cancel).ConfigureAwait(false);
    }

    private async Task<double> RunAsync(Subject subject, Load load, long operations, CancellationToken cancel)
    {
        var (exitCode, output) = await RunAsync(program,
        [
            "--proto", subject.IsOurs ? "sm" : "resp", "--port", $"{subject.Port}",
            "--conns", $"{load.Connections}", "--depth", $"{load.Pipeline}",
            "--ops", $"{operations}", "--keys", $"{Load.Keys}", "--valsize", $"{Load.ValueBytes}", "--get", "0.8", "--put", "0.2",
            .. subject.IsOurs ? (string[])["--auth", Subject.Username, Subject.Password] : [],
        ], cancel).ConfigureAwait(false);
        var result = Result().Match(output);
        if (exitCode != 0 || !result.Success || result.Groups["bad"].Captures.Any(count => count.Value != "0"))
            throw new MeasurementException($"exit code {exitCode}: {output}");
        return double.Parse(result.Groups["rate"].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^mix +ops/s (?<rate>\d+) .* misses (?<bad>\d+) errors (?<bad>\d+) wrong (?<bad>\d+)", RegexOptions.Multiline)]
    private static partial Regex Result();
}
