using SuperMassive.AppHost.Processes;

namespace SuperMassive.AppHost.Local;

/// <summary>Prints log lines after the name of their process, each name in a colour of its own on a terminal.</summary>
internal sealed class ConsoleLog
{
    private const string Reset = "\e[0m";
    private const string Bold = "\e[1m";
    private const string Red = "\e[31m";
    private static readonly string[] Colours =
        ["\e[36m", "\e[32m", "\e[33m", "\e[35m", "\e[34m", "\e[96m", "\e[92m", "\e[93m", "\e[95m", "\e[94m"];

    private readonly TextWriter _output;
    private readonly bool _isColoured;
    private readonly int _nameWidth;
    private readonly Dictionary<string, string> _colours;

    public ConsoleLog(TextWriter output, IReadOnlyCollection<string> names, bool isColoured)
    {
        _output = output;
        _isColoured = isColoured;
        _nameWidth = names.Max(name => name.Length);
        _colours = names.Index().ToDictionary(name => name.Item, name => Colours[name.Index % Colours.Length]);
    }

    /// <summary>Whether standard output is a terminal whose user has not asked for plain text (no-color.org).</summary>
    public static bool TerminalHasColours =>
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public void Write(ProcessLine line)
    {
        var name = line.Process.PadRight(_nameWidth);
        if (!_isColoured) _output.WriteLine($"{name} | {line.Text}");
        else _output.WriteLine($"{_colours.GetValueOrDefault(line.Process)}{name} |{Reset} {ColourOf(line.Stream)}{line.Text}{Reset}");
    }

    private static string ColourOf(LogStream stream) => stream switch
    {
        LogStream.Launcher => Bold,
        LogStream.Error => Red,
        _ => "",
    };
}
