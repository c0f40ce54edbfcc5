using System.Runtime.InteropServices;
using SuperMassive.SideBySide;

return await Options.Declare(RunAsync).Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null });

static async Task<int> RunAsync(Options options)
{
    using var interrupt = new CancellationTokenSource();
    using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
    using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
    using var set = new SubjectSet();
    try
    {
        await set.StartAsync(interrupt.Token);
        Generator generator = options.Generator is { } program
            ? new KvbenchGenerator(options.Seconds, options.WarmupSeconds, Path.GetFullPath(program))
            : new BenchGenerator(options.Seconds, options.WarmupSeconds, set.Folder);
        var measurements = new Measurements(options.Repeats);
        await measurements.RunAsync(set.Subjects, generator, interrupt.Token);
        Report(options, generator, set.Subjects, measurements);
        return measurements.Failures == 0 ? 0 : 1;
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
