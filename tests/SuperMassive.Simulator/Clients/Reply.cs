using System.Text;
using SuperMassive.Simulator.Checking;

namespace SuperMassive.Simulator.Clients;

/// <summary>One reply, taken apart. A reply that no server may send to this request has <see cref="Breach"/> set.</summary>
public readonly record struct Reply(
    Outcome Outcome, string? Value = null, string? Error = null, List<KeyValuePair<string, string>>? Pairs = null)
{
    /// <summary>What a cluster process answers that a newer one has replaced.</summary>
    public const string SupersededLine = "ERR superseded by a newer cluster process";

    public string? Breach { get; init; }

    public static Reply Broken(string why) => new(Outcome.Indeterminate) { Breach = why };

    /// <summary>What an error line says about the request, by the documentation of the protocol.</summary>
    public static Reply OfError(OperationKind kind, string line) => line switch
    {
        "ERR key-value not found" or "ERR no keys found" => new Reply(Outcome.NotFound),
        "ERR value is not a number" when kind == OperationKind.Add => new Reply(Outcome.NotNumber),
        "ERR number out of range" when kind == OperationKind.Add => new Reply(Outcome.OutOfRange),
        "ERR timeout" => new Reply(Outcome.Indeterminate, Error: line),
        // the tombstone stands, and whether something was live is not known
        "ERR key-value unavailable" when kind == OperationKind.Delete => new Reply(Outcome.Indeterminate, Error: line),
        "ERR key-value unavailable" or "ERR out of memory" or "ERR no primary nodes available" or "ERR journal disk full" or SupersededLine
            => new Reply(Outcome.Refused, Error: line),
        _ when line.StartsWith("ERR journal failed, this node only reads", StringComparison.Ordinal)
            => new Reply(Outcome.Refused, Error: line),
        _ when kind == OperationKind.Reload && line.StartsWith("ERR reload failed: ", StringComparison.Ordinal)
            => new Reply(Outcome.Refused, Error: line),
        _ when line.StartsWith("ERR unknown command", StringComparison.Ordinal)
            || line.StartsWith("ERR wrong number", StringComparison.Ordinal)
            || line.StartsWith("ERR not authenticated", StringComparison.Ordinal) => Broken($"a correct request was answered {line}"),
        // an error the documentation does not promise to be without effect
        _ => new Reply(Outcome.Indeterminate, Error: line),
    };

    internal static string Text(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes);
}
