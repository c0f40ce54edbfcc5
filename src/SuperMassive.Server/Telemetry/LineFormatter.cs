using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace SuperMassive.Server.Telemetry;

/// <summary>
/// One event, one line: <c>2026-11-22T17:35:49.431Z info  localhost:4001 is healthy</c>. An exception follows it, indented. Colours
/// only where somebody looks at a terminal.
/// </summary>
public sealed class LineFormatter : ConsoleFormatter
{
    public const string FormatterName = "line";

    private const string OwnCategories = "SuperMassive.";
    private const string Reset = "\u001b[0m";

    private readonly bool _useColours;
    private readonly TimeProvider _time;

    public LineFormatter()
        : this(!Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")), TimeProvider.System)
    {
    }

    internal LineFormatter(bool useColours, TimeProvider time)
        : base(FormatterName)
    {
        _useColours = useColours;
        _time = time;
    }

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.Write(_time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        textWriter.Write(' ');
        var (name, colour) = NameOf(logEntry.LogLevel);
        if (_useColours)
            textWriter.Write(colour);
        textWriter.Write(name);
        if (_useColours)
            textWriter.Write(Reset);
        textWriter.Write(' ');
        if (!logEntry.Category.StartsWith(OwnCategories, StringComparison.Ordinal))
        {
            textWriter.Write(logEntry.Category);
            textWriter.Write(": ");
        }
        WriteOnOneLine(message, textWriter);
        textWriter.Write('\n');
        if (logEntry.Exception is { } exception)
            WriteIndented(exception, textWriter);
    }

    private static (string Name, string Colour) NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => ("trace", "\u001b[90m"),
        LogLevel.Debug => ("debug", "\u001b[90m"),
        LogLevel.Information => ("info ", "\u001b[32m"),
        LogLevel.Warning => ("warn ", "\u001b[33m"),
        LogLevel.Error => ("error", "\u001b[31m"),
        _ => ("crit ", "\u001b[1;31m"),
    };

    /// <summary>Whatever a message quotes, it cannot begin a line of its own nor steer a terminal.</summary>
    private static void WriteOnOneLine(string message, TextWriter to)
    {
        foreach (var c in message)
            to.Write(char.IsControl(c) ? ' ' : c);
    }

    private static void WriteIndented(Exception exception, TextWriter to)
    {
        foreach (var line in exception.ToString().AsSpan().EnumerateLines())
        {
            to.Write("    ");
            to.Write(line);
            to.Write('\n');
        }
    }
}
