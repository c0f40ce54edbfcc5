using System.Reflection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SuperMassive.Server.Hosting;
using SuperMassive.Server.Telemetry;

namespace SuperMassive.Server.Tests.Telemetry;

public sealed class LineFormatterTests
{
    private const string Own = "SuperMassive.Server.Hosting.LoopService";

    [Fact]
    public void One_event_is_one_line() =>
        Assert.Equal(
            "2026-11-22T17:35:49.431Z info  localhost:4001 is healthy\n",
            Format(LogLevel.Information, Own, "localhost:4001 is healthy"));

    [Fact]
    public void What_a_message_quotes_cannot_forge_a_line() =>
        Assert.Equal("2026-11-22T17:35:49.431Z warn  a  b [31m\n", Format(LogLevel.Warning, Own, "a\r\nb\u001b[31m"));

    [Fact]
    public void Foreign_lines_say_where_they_come_from() =>
        Assert.Equal("2026-11-22T17:35:49.431Z error Microsoft.Kestrel: no\n", Format(LogLevel.Error, "Microsoft.Kestrel", "no"));

    [Fact]
    public void An_exception_follows_indented() =>
        Assert.Equal(
            "2026-11-22T17:35:49.431Z crit  bug\n    System.InvalidOperationException: why\n",
            Format(LogLevel.Critical, Own, "bug", new InvalidOperationException("why")));

    [Fact]
    public void Colours_are_for_terminals() =>
        Assert.Equal(
            "2026-11-22T17:35:49.431Z \u001b[33mwarn \u001b[0m careful\n", Format(LogLevel.Warning, Own, "careful", useColours: true));

    [Fact]
    public void Every_log_line_has_an_id_of_its_own()
    {
        var ids = typeof(CoreLog).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .SelectMany(method => method.GetCustomAttributes(typeof(LoggerMessageAttribute), false).Cast<LoggerMessageAttribute>())
            .Select(message => message.EventId)
            .ToArray();
        Assert.True(ids.Length > 20);
        Assert.DoesNotContain(ids, id => id <= 0);
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    private static string Format(LogLevel level, string category, string message, Exception? exception = null, bool useColours = false)
    {
        var to = new StringWriter();
        var entry = new LogEntry<string>(level, category, default, message, exception, (state, _) => state);
        new LineFormatter(useColours, new FixedTime()).Write(entry, null, to);
        return to.ToString();
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 22, 17, 35, 49, 431, TimeSpan.Zero);
    }
}
