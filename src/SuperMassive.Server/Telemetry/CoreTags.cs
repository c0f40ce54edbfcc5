using System.Diagnostics.Metrics;

namespace SuperMassive.Server.Telemetry;

/// <summary>Attributes of one core's measurements. A process of several cores tells them apart by <c>process</c>.</summary>
/// <param name="Name">The core's name, or null when it is the only one.</param>
internal readonly record struct CoreTags(string? Name)
{
    public Measurement<T> Measure<T>(T value, params ReadOnlySpan<(string Key, string Value)> tags) where T : struct
    {
        var all = new KeyValuePair<string, object?>[tags.Length + (Name is null ? 0 : 1)];
        for (var i = 0; i < tags.Length; i++)
            all[i] = new KeyValuePair<string, object?>(tags[i].Key, tags[i].Value);
        if (Name is not null)
            all[^1] = new KeyValuePair<string, object?>("process", Name);
        return new Measurement<T>(value, all);
    }
}
