using System.Globalization;
using SuperMassive.Simulator.Faults;

namespace SuperMassive.Simulator;

/// <summary>The command line of the console.</summary>
public sealed record Options
{
    public const string Usage = """
        dotnet run -c Release --project tests/SuperMassive.Simulator -- [options]
          --seeds N      how many seeds to run (default 1000)
          --first N      the first of them (default 1)
          --seed N       replay this one and print what happens
          --faults LIST  all (default), none, or names: crash,partition,… ; a minus takes one away: all,-power
          --minutes M    stop after so many minutes, whatever is left
          --threads N    worlds side by side (default: one per core)
          --stop-at-first yes  end with the first seed that fails
          --skip N,N,…   pass these seeds over

        dotnet run -c Release --project tests/SuperMassive.Simulator -- fish
          shows that known bugs are found, each brought into a copy of the sources
        """;

    public long Seeds { get; init; } = 1_000;

    public ulong First { get; init; } = 1;

    public ulong? Replay { get; init; }

    public FaultSet Faults { get; init; } = FaultSet.All;

    public string FaultsText { get; init; } = "all";

    public double Minutes { get; init; } = double.MaxValue;

    public int Threads { get; init; } = Environment.ProcessorCount;

    public IReadOnlySet<ulong> Skipped { get; init; } = new HashSet<ulong>();

    /// <summary>Whether to end with the lowest seed that fails.</summary>
    public bool StopsAtFirst { get; init; }

    /// <summary>
    /// A seed takes milliseconds of the processor; one that takes so long hangs in a loop that virtual time does not see. Not by the wall clock:
    /// a machine may be busy with something else.
    /// </summary>
    public int HangMs { get; init; } = 20_000;

    public static bool TryParse(IReadOnlyList<string> words, out Options options, out string error)
    {
        options = new Options();
        error = "";
        for (var i = 0; i < words.Count; i += 2)
        {
            if (i + 1 == words.Count)
                error = $"{words[i]} needs a value";
            else if (Apply(options, words[i], words[i + 1], ref error) is { } applied)
                options = applied;
            else if (error.Length == 0)
                error = $"cannot make sense of {words[i]} {words[i + 1]}";
            if (error.Length > 0)
                return false;
        }
        return true;
    }

    private static Options? Apply(Options options, string name, string value, ref string error)
    {
        if (name == "--faults")
            return FaultSet.TryParse(value, out var faults, out error) ? options with { Faults = faults, FaultsText = value } : null;
        if (name == "--minutes")
        {
            var isMinutes = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var minutes) && minutes > 0;
            return isMinutes ? options with { Minutes = minutes, Seeds = options.Seeds == 1_000 ? long.MaxValue : options.Seeds } : null;
        }
        if (name == "--skip")
        {
            var words = value.Split(',');
            return Array.TrueForAll(words, word => ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                ? options with { Skipped = words.Select(word => ulong.Parse(word, CultureInfo.InvariantCulture)).ToHashSet() }
                : null;
        }
        if (name == "--stop-at-first" && value is "yes" or "no")
            return options with { StopsAtFirst = value == "yes" };
        if (!ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        return name switch
        {
            "--seeds" when number is > 0 and <= long.MaxValue => options with { Seeds = (long)number },
            "--first" => options with { First = number },
            "--seed" => options with { Replay = number },
            "--threads" when number is > 0 and <= 256 => options with { Threads = (int)number },
            _ => null,
        };
    }
}
