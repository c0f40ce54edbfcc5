using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using SuperMassive.Benchmarks.Cores;
using Xunit.Abstractions;

namespace SuperMassive.Benchmarks.Tests;

/// <summary>
/// In steady state a client's command allocates nothing, in the cluster or in a node. BenchmarkDotNet's memory diagnoser counts the
/// allocations of the whole process, so nothing else may run in this one: these are its only tests.
/// </summary>
public sealed class AllocationGate(ITestOutputHelper output)
{
    /// <summary>
    /// Enough that what the test host allocates meanwhile, and what happens only now and then (purges, saved version ceilings), rounds
    /// to nothing per command, while one smallest object per fifty commands does not.
    /// </summary>
    private const int BatchesPerRun = 1_500;

    [Fact]
    public void Commands_allocate_nothing_in_cluster_and_node()
    {
        var log = new AccumulationLogger();
        var summary = BenchmarkRunner.Run<ClusterCommands>(Config(log));
        Assert.False(summary.HasCriticalValidationErrors, log.GetLog());
        Assert.True(summary.Reports.Length > 0, log.GetLog());
        var failures = summary.Reports.Select(Judge).OfType<string>().ToArray();
        Assert.True(failures.Length == 0, string.Join(Environment.NewLine, failures));
    }

    /// <returns>What is wrong, or null.</returns>
    private string? Judge(BenchmarkReport report)
    {
        var name = $"{report.BenchmarkCase.Descriptor.WorkloadMethod.Name} [{report.BenchmarkCase.Parameters.DisplayInfo}]";
        if (!report.Success || report.ResultStatistics is not { } times)
            return $"{name} did not run";
        var bytesPerCommand = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase);
        var totalBytes = report.GcStats.GetTotalAllocatedBytes(excludeAllocationQuantumSideEffects: false);
        var commands = report.GcStats.TotalOperations;
        output.WriteLine($"{name}: {times.Mean:F0} ns, {bytesPerCommand} bytes per command; {totalBytes} bytes in {commands} commands");
        return bytesPerCommand == 0 ? null : $"{name} allocates {bytesPerCommand} bytes per command";
    }

    /// <summary>
    /// In this process, because allocations do not depend on isolation; in any configuration, because <c>dotnet test</c> builds Debug.
    /// </summary>
    private static IConfig Config(ILogger log) =>
        ManualConfig.CreateEmpty()
            .AddJob(Job.Default
                .WithToolchain(InProcessNoEmitToolchain.Instance)
                .WithStrategy(BenchmarkDotNet.Engines.RunStrategy.Monitoring)
                .WithInvocationCount(BatchesPerRun)
                .WithUnrollFactor(1)
                .WithWarmupCount(1)
                .WithIterationCount(1))
            .AddFilter(new SimpleFilter(benchmark => (int)benchmark.Parameters[nameof(ClusterCommands.Nodes)] == 2))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(log)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), $"allocation-gate-{Environment.ProcessId}"))
            .WithOptions(ConfigOptions.DisableOptimizationsValidator | ConfigOptions.DisableLogFile);
}
