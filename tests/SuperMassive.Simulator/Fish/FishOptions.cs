using System.Globalization;
using SuperMassive.Simulator.Faults;

namespace SuperMassive.Simulator.Fish;

/// <summary>The command line of <c>fish</c>.</summary>
public sealed record FishOptions
{
    public const string Usage = """
        dotnet run -c Release --project tests/SuperMassive.Simulator -- fish [options]
          --only TEXT    only known bugs whose name holds TEXT; may be given again
          --seeds N      how many seeds may be needed to find each (default 1000)
          --first N      the first of them (default 1)
          --faults LIST  as for a run without fish
          --threads N    worlds side by side (default: one per core)
          --verbose yes  also the report of the seed that found it
        """;

    public IReadOnlyList<string> Only { get; init; } = [];

    public int Seeds { get; init; } = 1_000;

    public ulong First { get; init; } = 1;

    public int Threads { get; init; } = Environment.ProcessorCount;

    public string Faults { get; init; } = "all";

    public bool IsVerbose { get; init; }

    public bool Wants(KnownBug bug) => Only.Count == 0 || Only.Any(text => bug.Name.Contains(text, StringComparison.Ordinal));

    public static bool TryParse(IReadOnlyList<string> words, out FishOptions options, out string error)
    {
        options = new FishOptions();
        error = "";
        for (var i = 0; i < words.Count; i += 2)
        {
            if (i + 1 == words.Count)
                error = $"{words[i]} needs a value";
            else if (Apply(options, words[i], words[i + 1]) is { } applied)
                options = applied;
            else
                error = $"cannot make sense of {words[i]} {words[i + 1]}";
            if (error.Length > 0)
                return false;
        }
        return true;
    }

    private static FishOptions? Apply(FishOptions options, string name, string value)
    {
        if (name == "--only")
            return options with { Only = [.. options.Only, value] };
        if (name == "--verbose" && value is "yes" or "no")
            return options with { IsVerbose = value == "yes" };
        if (name == "--faults" && FaultSet.TryParse(value, out _, out _))
            return options with { Faults = value };
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        return name switch
        {
            "--seeds" when number > 0 => options with { Seeds = number },
            "--first" => options with { First = (ulong)number },
            "--threads" when number is > 0 and <= 256 => options with { Threads = number },
            _ => null,
        };
    }
}
