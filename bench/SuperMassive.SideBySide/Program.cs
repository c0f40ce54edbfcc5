using System.Runtime.InteropServices;
using SuperMassive.SideBySide;

return await Options.Declare(
    options => RunAsync((set, cancel) => ComparePeersAsync(options, set, cancel)),
    (options, counts) => RunAsync((set, cancel) => CompareNodeCountsAsync(options, counts, set, cancel)))
    .Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null });

static async Task<int> RunAsync(Func<SubjectSet, CancellationToken, Task<int>> measure)
{
    using var interrupt = new CancellationTokenSource();
    using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
    using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
    using var set = new SubjectSet();
    try
    {
        return await measure(set, interrupt.Token);
    }
    catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
    {
        Console.Error.WriteLine("interrupted: everything is stopped, nothing is written");
        return 130;
    }
    catch (MeasurementException e)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }

    void Cancel(PosixSignalContext signal)
    {
        signal.Cancel = true;
        interrupt.Cancel();
    }
}

static async Task<int> ComparePeersAsync(Options options, SubjectSet set, CancellationToken cancel)
{
    await set.StartAsync(cancel);
    Generator generator = options.Generator is { } program
        ? new KvbenchGenerator(options.Seconds, options.WarmupSeconds, Path.GetFullPath(program))
        : new BenchGenerator(options.Seconds, options.WarmupSeconds, set.Folder);
    var measurements = new Measurements(options.Repeats);
    await measurements.RunAsync(set.Subjects, generator, cancel);
    Report(options, generator, set.Subjects, measurements);
    return measurements.Failures == 0 ? 0 : 1;
}

static async Task<int> CompareNodeCountsAsync(Options options, int[] counts, SubjectSet set, CancellationToken cancel)
{
    await set.StartNodeCountsAsync([.. counts.Distinct()], cancel);
    var measured = new NodeCounts(set.Subjects, options.Repeats);
    await measured.RunAsync(
        new BenchGenerator(seconds: 1, warmupSeconds: 0, set.Folder), new BenchGenerator(options.Seconds, 0, set.Folder), cancel);
    measured.Show();
    return 0;
}

static void Report(Options options, Generator generator, IReadOnlyList<Subject> subjects, Measurements measurements)
{
    Ratio[] ratios =
    [
        .. Comparison.All
            .SelectMany(comparison => Load.Matrix.Select((_, row) => Ratio.Of(comparison, row, measurements.RatesOf)))
            .OfType<Ratio>(),
    ];
    ResultTable.Show(ratios, subjects, measurements);
    if (measurements.Failures > 0)
    {
        Console.Error.WriteLine($"{measurements.Failures} runs failed: nothing is written");
        return;
    }
    ResultFile.Write(options, generator, ratios, subjects, measurements);
    ResultFile.MakeFolder(options.ChartFile);
    File.WriteAllText(options.ChartFile, Chart.Draw(ratios,
        $"{Environment.ProcessorCount} cores, {options.Repeats} repeats; bar: median, whisker: all; 80 % GET, 20 % PUT"));
}
