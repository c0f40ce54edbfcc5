using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using SuperMassive.Simulator.Cores;
using SuperMassive.Simulator.Faults;

namespace SuperMassive.Simulator.Fish;

/// <summary>
/// Shows that the net catches fish: every known bug is brought in, one at a time, and must be found within so many seeds.
/// </summary>
public sealed partial class FishingTrip(FishOptions options, TextWriter output)
{
    private readonly Lock _lock = new();
    private readonly SortedSet<ulong> _failWithout = [];

    private ulong End => options.First + (ulong)options.Seeds;

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
        var catches = Fish(workshop, bugs);
        var found = catches.Where(seeds => seeds > 0).Order().ToList();
        var median = found.Count == 0 ? "none" : found[found.Count / 2].ToString("N0", CultureInfo.InvariantCulture);
        output.WriteLine($"killed {found.Count} of {bugs.Count}, median seeds to find {median}");
        return found.Count == bugs.Count ? 0 : 1;
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
        var startedAt = Stopwatch.GetTimestamp();
        for (var first = options.First; first < End;)
        {
            var text = Simulate(program, first);
            var report = FirstReport().Match(text);
            if (!report.Success)
                break;
            var seed = ulong.Parse(report.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            first = seed + 1;
            if (FailsWithout(seed))
                continue;
            var seeds = (long)(seed - options.First) + 1;
            Say($"{bug.Name}: {seeds} seeds, {Seconds(startedAt)}: {report.Groups[2].Value.Trim()}");
            if (options.IsVerbose)
                Say(text);
            return seeds;
        }
        Say($"{bug.Name}: ESCAPED {options.Seeds} seeds in {Seconds(startedAt)}: {bug.Prose}");
        return 0;
    }

    private static string Seconds(long startedAt) => $"{Stopwatch.GetElapsedTime(startedAt).TotalSeconds:F1} s";

    /// <summary>A catch means something only where the same seed finds nothing without a bug; one that does is passed over from then on.</summary>
    private bool FailsWithout(ulong seed)
    {
        FaultSet.TryParse(options.Faults, out var faults, out _);
        var alone = new Options { First = seed, Seeds = 1, Threads = 1, Faults = faults };
        if (new Campaign(alone, CoreTopology.Build, TextWriter.Null).Run() == 0)
            return false;
        _failWithout.Add(seed);
        Say($"seed {seed} fails without a bug too, and is passed over");
        return true;
    }

    private string Simulate(string program, ulong first)
    {
        var skip = _failWithout.Count > 0 ? $" --skip {string.Join(',', _failWithout)}" : "";
        var arguments = $"--first {first} --seeds {End - first} --threads {options.Threads} --faults {options.Faults}{skip}";
        var start = new ProcessStartInfo("dotnet", $"\"{program}\" {arguments} --stop-at-first yes") { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
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
