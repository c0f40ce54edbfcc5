using System.CommandLine;
using SuperMassive.Cli.Bench;

namespace SuperMassive.Cli.Tests;

public sealed class BenchArgumentTests
{
    [Theory]
    [InlineData("--readratio 0.5", "--readratio 0.5 + --writeratio 0.15 + --deleteratio 0.05 + --incrratio 0 is 0.7, expected 1.")]
    [InlineData("--readratio 1.5", "--readratio is '1.5', expected 0 to 1.")]
    [InlineData("--readratio many", "--readratio is 'many', expected 0 to 1.")]
    [InlineData("--cluster nowhere", "--cluster is 'nowhere', expected host:port.")]
    [InlineData("--workers 0", "--workers is '0', expected 1 to 256.")]
    [InlineData("--connections 4", "--connections is 4, expected at least one for each of 8 --workers.")]
    [InlineData("--connections 10001", "--connections is '10001', expected 1 to 10000.")]
    [InlineData("--pipeline 10001", "--pipeline is '10001', expected 1 to 10000.")]
    [InlineData("--operations 0", "--operations is '0', expected 1 to 1000000000000.")]
    [InlineData("--duration 5 --operations 5", "--duration and --operations exclude each other.")]
    [InlineData("--duration -1", "--duration is '-1', expected a number of seconds, 0.1 to 86400.")]
    [InlineData("--warmup soon", "--warmup is 'soon', expected a number of seconds, 0 to 86400.")]
    [InlineData("--timeout 0", "--timeout is '0', expected a number of seconds, 0.1 to 86400.")]
    [InlineData("--keys 7", "--keys is 7, expected at least one for each of 8 connections")]
    [InlineData("--keysize 8", "--keysize is 8, expected at least 9 to tell 100000 keys apart.")]
    [InlineData("--valuesize 15", "--valuesize is '15', expected 16 to 1048576.")]
    [InlineData("--distribution normal", "--distribution is 'normal', expected uniform or zipf.")]
    [InlineData("--zipf-exponent 1", "--zipf-exponent needs --distribution zipf.")]
    [InlineData("--distribution zipf --zipf-exponent 0", "--zipf-exponent is '0', expected 0.01 to 10.")]
    [InlineData("--protocol http", "--protocol is 'http', expected line or resp.")]
    [InlineData("--seed -1", "--seed is '-1', expected 0 to 2147483647.")]
    [InlineData("--pass p --password-file f", "--pass and --password-file exclude each other.")]
    [InlineData("--unknown", "--unknown")]
    public void A_wrong_option_is_named(string arguments, string problem) =>
        Assert.Contains(Read(arguments).Problems, found => found.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void The_published_options_are_taken()
    {
        var (settings, problems) = Read(
            "--cluster db:5 --user u --pass p --workers 3 --operations 500 --keysize 20 --valuesize 32 --readratio 0.7"
            + " --writeratio 0.2 --deleteratio 0.1 --tls");
        Assert.Empty(problems);
        var target = settings!.Target;
        Assert.Equal(("db:5", "u", "p", true), (target.Address, target.Username, target.Password, target.UseTls));
        Assert.Equal((3, 3, 500L), (settings.Workers, settings.Connections, settings.Operations));
        Assert.Equal((20, 32), (settings.KeyBytes, settings.ValueBytes));
        Assert.Equal((0.7, 0.2, 0.1, 0), (settings.ReadRatio, settings.WriteRatio, settings.DeleteRatio, settings.IncrementRatio));
    }

    [Fact]
    public void Ours_are_taken()
    {
        var (settings, problems) = Read(
            "--cluster [::1]:4000 --user u --pass p --connections 50 --pipeline 16 --duration 2.5 --warmup 0 --keys 77 --seed 9"
            + " --distribution zipf --zipf-exponent 1.2 --protocol resp --no-preload --readratio 0.4"
            + " --writeratio 0.3 --deleteratio 0.2 --incrratio 0.1");
        Assert.Empty(problems);
        Assert.Equal((50, 16), (settings!.Connections, settings.Pipeline));
        Assert.Equal((TimeSpan.FromSeconds(2.5), TimeSpan.Zero), (settings.Duration, settings.Warmup));
        Assert.Equal((77, 9, KeyDistribution.Zipf, 1.2), (settings.Keys, settings.Seed, settings.Distribution, settings.ZipfExponent));
        Assert.Equal((WireProtocol.Resp, false), (settings.Protocol, settings.Preload));
        Assert.Equal((0.1, 77), (settings.IncrementRatio, settings.Counters));
    }

    private static (BenchSettings? Settings, IReadOnlyList<string> Problems) Read(string arguments)
    {
        var command = new Command("bench");
        var declared = new BenchArguments(command);
        var parsed = new RootCommand { command }.Parse(["bench", .. arguments.Split(' ')]);
        if (parsed.Errors.Count > 0)
            return (null, [.. parsed.Errors.Select(error => error.Message)]);
        var read = declared.Read(parsed);
        return (read.Value, read.Errors);
    }
}
