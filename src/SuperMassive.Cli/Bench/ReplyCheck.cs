using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace SuperMassive.Cli.Bench;

/// <summary>
/// Judges replies by what was sent and confirmed. A reply must show a state that the key may have had between sending the command and
/// receiving the reply: not older than the newest write confirmed before, not newer than the newest write begun by now.
/// An own key is judged more exactly, because the commands of one connection take effect in their order.
/// </summary>
internal sealed class ReplyCheck(KeyLedger ledger, CounterLedger counters, KeyFormat format, BenchSettings settings, int run)
{
    private const int MaxQuotedBytes = 120;

    /// <returns>Null when the reply is right; else what is wrong with it.</returns>
    public string? ProblemOf(in Pending pending, in WireReply reply) => pending switch
    {
        { IsCounter: true, Command: BenchCommandKind.Increment } => ProblemOfIncrement(pending, reply),
        { IsCounter: true, Command: BenchCommandKind.Get } => ProblemOfSum(pending, reply),
        { Command: BenchCommandKind.Get } => ProblemOfGet(pending, reply),
        { Command: BenchCommandKind.Delete } => ProblemOfDelete(pending, reply),
        _ => reply.Kind == ReplyKind.Done ? null : Unexpected(pending, reply),
    };

    /// <summary>A reply that is none of this command's.</summary>
    private string Unexpected(in Pending pending, in WireReply reply) => reply.Kind == ReplyKind.Missing
        ? $"{Name(pending)}: not found, though it was written"
        : $"{Name(pending)}: unexpected reply '{Quote(reply.Body)}'";

    private string Lost(in Pending pending, int acknowledged) =>
        $"{Name(pending)}: not found, though its write {acknowledged} was acknowledged and it was not deleted since";

    private string? ProblemOfGet(in Pending pending, in WireReply reply)
    {
        var key = pending.Index;
        var oldest = pending.IsOwn ? ledger.Acknowledged(key) : pending.Oldest;
        var newest = pending.IsOwn ? pending.Newest : ledger.Begun(key);
        if (reply.Kind == ReplyKind.Missing)
        {
            var deleted = pending.IsOwn ? pending.Deleted : ledger.Deleted(key);
            return deleted >= oldest ? null : Lost(pending, oldest);
        }
        if (reply.Kind != ReplyKind.Value)
            return Unexpected(pending, reply);
        if (!BenchValue.TryRead(reply.Body, key, out var itsRun, out var write))
            return $"{Name(pending)}: wrong value: one that was never written for this key ('{Quote(reply.Body)}')";
        if (itsRun != run)
            return oldest == 0 ? null : $"{Name(pending)}: wrong value: that of an earlier run, though write {oldest} was acknowledged";
        if (reply.Body.Length != settings.ValueBytes)
            return $"{Name(pending)}: wrong value: {reply.Body.Length} bytes of {settings.ValueBytes}";
        if (write < oldest)
            return $"{Name(pending)}: wrong value: write {write}, older than the acknowledged write {oldest}";
        return write <= newest ? null : $"{Name(pending)}: wrong value: write {write}, of which {newest} had begun";
    }

    private string? ProblemOfDelete(in Pending pending, in WireReply reply)
    {
        var oldest = ledger.Acknowledged(pending.Index);
        if (reply.Kind == ReplyKind.Missing)
            return pending.Deleted >= oldest ? null : Lost(pending, oldest);
        if (reply.Kind != ReplyKind.Done)
            return Unexpected(pending, reply);
        // nothing but this DEL was sent since a deletion that was confirmed
        var wasMissing = oldest > 0 && oldest == pending.Write - 1 && pending.Deleted == oldest;
        return wasMissing ? $"{Name(pending)}: deleted, though it was deleted already" : null;
    }

    private string? ProblemOfIncrement(in Pending pending, in WireReply reply)
    {
        if (reply.Kind != ReplyKind.Number)
            return Unexpected(pending, reply);
        var begun = counters.Begun(pending.Index);
        return reply.Number > pending.Oldest && reply.Number <= begun
            ? null
            : $"{Name(pending)}: wrong number {reply.Number}, after {pending.Oldest} acknowledged and {begun} begun";
    }

    private string? ProblemOfSum(in Pending pending, in WireReply reply)
    {
        if (reply.Kind != ReplyKind.Value)
            return Unexpected(pending, reply);
        var acknowledged = counters.Acknowledged(pending.Index);
        var begun = counters.Begun(pending.Index);
        if (!Utf8Parser.TryParse(reply.Body, out long sum, out var consumed) || consumed != reply.Body.Length)
            return $"{Name(pending)}: wrong value '{Quote(reply.Body)}' of a number that was counted up";
        return sum >= acknowledged && sum <= begun
            ? null
            : $"{Name(pending)}: wrong sum {sum} of {acknowledged} acknowledged and {begun} begun INCR";
    }

    public string Name(in Pending pending) =>
        $"{NameOf(pending.Command)} {format.Text(pending.Index, pending.IsCounter)}";

    public static string NameOf(BenchCommandKind command) => command switch
    {
        BenchCommandKind.Get => "GET",
        BenchCommandKind.Put => "PUT",
        BenchCommandKind.Delete => "DEL",
        BenchCommandKind.Increment => "INCR",
        _ => "AUTH",
    };

    /// <summary>Bytes for a terminal: what is no printable ASCII as <c>\xNN</c>.</summary>
    public static string Quote(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var one in bytes[..Math.Min(bytes.Length, MaxQuotedBytes)])
            _ = one is >= 0x20 and < 0x7F ? text.Append((char)one) : text.Append(CultureInfo.InvariantCulture, $"\\x{one:x2}");
        return bytes.Length > MaxQuotedBytes ? text.Append('…').ToString() : text.ToString();
    }
}
