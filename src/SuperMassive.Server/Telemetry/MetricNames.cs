using System.Collections.Immutable;
using System.Text.RegularExpressions;
using SuperMassive.Core;
using SuperMassive.Core.Protocol;

namespace SuperMassive.Server.Telemetry;

/// <summary>How enum values are written as attributes, made once.</summary>
internal static partial class MetricNames
{
    public static ImmutableArray<Verb> Verbs { get; } = [.. Enum.GetValues<Verb>()];

    public static ImmutableArray<CommandOutcome> Outcomes { get; } = [.. Enum.GetValues<CommandOutcome>()];

    public static ImmutableArray<CoreEvent> Events { get; } = [.. Enum.GetValues<CoreEvent>()];

    private static readonly ImmutableArray<string> VerbNames =
        [.. Verbs.Select(verb => verb == Verb.None ? "unknown" : verb.ToString().ToUpperInvariant())];

    private static readonly ImmutableArray<string> OutcomeNames = [.. Outcomes.Select(outcome => Snake(outcome.ToString()))];

    private static readonly ImmutableArray<string> EventNames = [.. Events.Select(what => Snake(what.ToString()))];

    public static string Of(Verb verb) => VerbNames[(int)verb];

    public static string Of(CommandOutcome outcome) => OutcomeNames[(int)outcome];

    public static string Of(CoreEvent what) => EventNames[(int)what];

    private static string Snake(string name) => Hump().Replace(name, "_$0").ToLowerInvariant();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex Hump();
}
