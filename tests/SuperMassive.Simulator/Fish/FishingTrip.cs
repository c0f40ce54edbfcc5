using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace SuperMassive.Simulator.Fish;

/// <summary>
/// Shows that the net catches fish: every known bug is brought in, one at a time, and must be found within so many seeds.
/// </summary>
public sealed partial class FishingTrip(FishOptions options, TextWriter output)
{
    /// <summary>Where so many seeds fail without a bug, nothing can be shown.</summary>
    private const int MaxPassedOver = 10;

    private readonly Lock _lock = new();
    private string _passedOver = "";

    /// <returns>Exit code: 0 when every bug was found.</returns>
    public int Run()
    {
        using var workshop = Workshop.Here();
        var bugs = KnownBug.ReadAll(workshop.FishFolder).Where(options.Wants).ToList();
        if (bugs.Count == 0)
        {
            output.WriteLine($"no known bug is called like that; they are in {workshop.FishFolder}");
            return 2;
        }
        if (workshop.Build(null, out var problem) is not { } program)
        {
            output.WriteLine(problem);
            return 1;
        }
        if (!IsNetEmpty(program))
            return 1;
        var catches = Fish(workshop, bugs);
        var found = catches.Where(seeds => seeds > 0).Order().ToList();
        var median = found.Count == 0 ? "none" : found[found.Count / 2].ToString("N0", CultureInfo.InvariantCulture);
        output.WriteLine($"killed {found.Count} of {bugs.Count}, median seeds to find {median}");
        return found.Count == bugs.Count ? 0 : 1;
    }

    /// <summary>A catch means something only where the same seeds find nothing without a bug: those that do are passed over.</summary>
    private bool IsNetEmpty(string program)
    {
        var text = Simulate(program, "", out var seconds);
        _passedOver = string.Join(',', FirstReport().Matches(text).Select(report => report.Groups[1].Value));
        Say($"without a bug: {(_passedOver.Length == 0 ? "nothing" : $"seeds {_passedOver} fail, and are passed over")} "
            + $"in {options.Seeds} seeds, {seconds:F0} s");
        return _passedOver.Count(c => c == ',') < MaxPassedOver;
    }

    /// <summary>While one bug is searched for, the next is built.</summary>
    private List<long> Fish(Workshop workshop, List<KnownBug> bugs)
    {
        var catches = new List<long>();
        var next = Task.Run(() => Build(workshop, bugs[0]));
        for (var i = 0; i < bugs.Count; i++)
        {
            var (program, problem) = next.Result;
            var following = i + 1;
            if (following < bugs.Count)
                next = Task.Run(() => Build(workshop, bugs[following]));
            catches.Add(program is null ? Fail(bugs[i], problem) : Search(bugs[i], program));
        }
        return catches;
    }

    private static (string? Program, string Problem) Build(Workshop workshop, KnownBug bug) =>
        (workshop.Build(bug, out var problem), problem);

    private long Fail(KnownBug bug, string problem)
    {
        Say($"{bug.Name}: CANNOT BE BROUGHT IN: {problem}");
        return 0;
    }

    /// <returns>How many seeds it took; 0 when it was not found.</returns>
    private long Search(KnownBug bug, string program)
    {
        var text = Simulate(program, "--stop-at-first yes" + (_passedOver.Length > 0 ? $" --skip {_passedOver}" : ""), out var seconds);
        var report = FirstReport().Match(text);
        if (!report.Success)
        {
            Say($"{bug.Name}: ESCAPED {options.Seeds} seeds in {seconds:F0} s: {bug.Prose}");
            return 0;
        }
        var seeds = long.Parse(report.Groups[1].ValueSpan, CultureInfo.InvariantCulture) - (long)options.First + 1;
        Say($"{bug.Name}: {seeds} seeds, {seconds:F1} s: {report.Groups[2].Value.Trim()}");
        if (options.IsVerbose)
            Say(text);
        return seeds;
    }

    private string Simulate(string program, string more, out double seconds)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var arguments = $"--first {options.First} --seeds {options.Seeds} --threads {options.Threads} --faults {options.Faults} {more}";
        using var process = Process.Start(new ProcessStartInfo("dotnet", $"\"{program}\" {arguments}") { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        seconds = Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
        return text;
    }

    private void Say(string line)
    {
        lock (_lock)
            output.WriteLine(line);
    }

    /// <summary>The first failed seed and its first violation, as <see cref="Report"/> words them.</summary>
    [GeneratedRegex(@"^seed (\d+):.*\n.*\n(.*)$", RegexOptions.Multiline)]
    private static partial Regex FirstReport();
}
