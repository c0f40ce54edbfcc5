using System.Diagnostics;
using SuperMassive.Core;

namespace SuperMassive.Cli.Bench;

/// <summary>
/// One connection: keeps as many commands under way as its work has, and judges each reply. On its worker's thread only.
/// </summary>
/// <param name="number">Of this connection among all of the run; it owns the keys whose index leaves this remainder.</param>
internal sealed class LoadConnection(LoadWorker worker, LoadPlan plan, int number)
{
    private const int MaxQuotedKeyBytes = BenchSettings.MaxKeyBytes;

    private static readonly double NsPerTick = 1e9 / Stopwatch.Frequency;

    private readonly Pending[] _ring = new Pending[plan.MaxPipeline];
    private readonly byte[] _key = new byte[MaxQuotedKeyBytes];
    private Channel? _channel;
    private int _head;

    public int Number => number;

    /// <summary>Commands without a reply yet.</summary>
    public int PendingCount { get; private set; }

    public long Replies { get; private set; }

    /// <summary>Milliseconds of the loop's clock at which it last began to wait, or got something.</summary>
    public long ProgressMs { get; set; }

    /// <summary>Where an enumerating work stands.</summary>
    public int Cursor { get; set; }

    /// <summary>Whether it still takes part: it is connected, and its work is not done.</summary>
    public bool IsActive { get; set; }

    public bool IsLost { get; private set; }

    public SplitMix Random = new((ulong)plan.Settings.Seed * 0x1_0000 + (ulong)number);

    public void Attach(Channel channel) => (_channel = channel).Owner = this;

    /// <summary>The key next to <paramref name="key"/> that this connection may write.</summary>
    public int OwnKeyNear(int key)
    {
        var connections = plan.Settings.Connections;
        var own = key - key % connections + number;
        return own < plan.Settings.Keys ? own : own - connections;
    }

    public void SendAuth(string username, string password, long now)
    {
        Add(BenchCommandKind.Auth, now);
        plan.Wire.WriteAuth(_channel!.Output, username, password);
    }

    public void SendGet(int key, bool isMeasured, long now)
    {
        ref var pending = ref Add(BenchCommandKind.Get, now);
        pending.Index = key;
        pending.IsMeasured = isMeasured;
        pending.IsOwn = key % plan.Settings.Connections == number;
        pending.Oldest = plan.Ledger.Acknowledged(key);
        pending.Newest = plan.Ledger.Begun(key);
        pending.Deleted = plan.Ledger.Deleted(key);
        plan.Wire.WriteGet(_channel!.Output, Name(key, isCounter: false));
    }

    public void SendPut(int ownKey, bool isMeasured, long now)
    {
        ref var pending = ref Add(BenchCommandKind.Put, now);
        pending.Index = ownKey;
        pending.IsMeasured = isMeasured;
        pending.Write = plan.Ledger.Begin(ownKey, isDeletion: false);
        var value = plan.Wire.WritePut(_channel!.Output, Name(ownKey, isCounter: false), plan.Settings.ValueBytes);
        BenchValue.Fill(value, ownKey, plan.Run, pending.Write);
    }

    public void SendDelete(int ownKey, bool isMeasured, long now)
    {
        ref var pending = ref Add(BenchCommandKind.Delete, now);
        pending.Index = ownKey;
        pending.IsMeasured = isMeasured;
        pending.Deleted = plan.Ledger.Deleted(ownKey);
        pending.Write = plan.Ledger.Begin(ownKey, isDeletion: true);
        plan.Wire.WriteDelete(_channel!.Output, Name(ownKey, isCounter: false));
    }

    public void SendIncrement(int counter, bool isMeasured, long now)
    {
        ref var pending = ref Add(BenchCommandKind.Increment, now);
        (pending.Index, pending.IsCounter, pending.IsMeasured) = (counter, true, isMeasured);
        pending.Oldest = plan.Counters.Acknowledged(counter);
        plan.Counters.Begin(counter);
        plan.Wire.WriteIncrement(_channel!.Output, Name(counter, isCounter: true));
    }

    /// <summary>Sets a number to 0.</summary>
    public void SendReset(int counter, long now)
    {
        ref var pending = ref Add(BenchCommandKind.Put, now);
        (pending.Index, pending.IsCounter) = (counter, true);
        plan.Wire.WritePut(_channel!.Output, Name(counter, isCounter: true), 1)[0] = (byte)'0';
    }

    /// <summary>Reads a number that nobody counts up any more.</summary>
    public void SendGetSum(int counter, long now)
    {
        ref var pending = ref Add(BenchCommandKind.Get, now);
        (pending.Index, pending.IsCounter) = (counter, true);
        plan.Wire.WriteGet(_channel!.Output, Name(counter, isCounter: true));
    }

    /// <returns>How many bytes were understood.</returns>
    public int Receive(ReadOnlySpan<byte> bytes, long now)
    {
        var at = 0;
        while (PendingCount > 0 && !IsLost)
        {
            ref var pending = ref _ring[_head];
            var key = pending.Command == BenchCommandKind.Auth ? default : Name(pending.Index, pending.IsCounter);
            var consumed = plan.Wire.Read(bytes[at..], pending.Command, key, out var reply);
            if (consumed == Wire.Lost)
            {
                Lose($"its reply to {plan.Check.Name(pending)} is no {plan.Settings.Protocol} framing: '{ReplyCheck.Quote(bytes[at..])}'");
                return bytes.Length;
            }
            if (consumed == 0)
                break;
            at += consumed;
            Take(pending, reply, now);
            _head = _head + 1 == _ring.Length ? 0 : _head + 1;
            PendingCount--;
            Replies++;
        }
        if (PendingCount == 0 && at < bytes.Length && !IsLost)
        {
            Lose($"it sent what nobody had asked for: '{ReplyCheck.Quote(bytes[at..])}'");
            return bytes.Length;
        }
        return at;
    }

    /// <summary>Gives it up: what it owes counts as unanswered.</summary>
    public void Lose(string reason)
    {
        if (IsLost)
            return;
        IsLost = true;
        worker.Tally.AddLost(PendingCount, $"a connection was lost with {PendingCount} commands unanswered: {reason}");
        PendingCount = 0;
        _channel?.Abort();
    }

    public void Close() => _channel?.Close();

    private void Take(in Pending pending, in WireReply reply, long now)
    {
        if (reply.Kind == ReplyKind.Error)
        {
            TakeError(pending, ReplyCheck.Quote(reply.Body));
            return;
        }
        if (pending.Command == BenchCommandKind.Auth)
        {
            if (reply.Kind != ReplyKind.Done)
                plan.Abort($"AUTH: unexpected reply '{ReplyCheck.Quote(reply.Body)}'");
            return;
        }
        var problem = plan.Check.ProblemOf(pending, reply);
        Acknowledge(pending, reply.Kind);
        if (problem is not null)
        {
            worker.Tally.AddWrong(problem);
            return;
        }
        worker.Tally.AddCorrect();
        if (reply.Kind is ReplyKind.Value or ReplyKind.Number)
            worker.Tally.AddCheckedValue();
        if (pending.IsMeasured && plan.IsMeasuredAt(now))
            worker.Tally.Measure(pending.Command, (long)((now - pending.SentAt) * NsPerTick), now);
    }

    private void TakeError(in Pending pending, string text)
    {
        // a run without a login measures nothing but how fast it is refused
        if (pending.Command == BenchCommandKind.Auth)
            plan.Abort($"AUTH was refused: {text}");
        else if (text.Contains("not authenticated", StringComparison.Ordinal) || text.StartsWith("NOAUTH", StringComparison.Ordinal))
            plan.Abort($"{ReplyCheck.NameOf(pending.Command)} was refused: {text}");
        else
            worker.Tally.AddError($"{ReplyCheck.NameOf(pending.Command)}: {text}");
    }

    private void Acknowledge(in Pending pending, ReplyKind kind)
    {
        if (kind == ReplyKind.Number && pending.Command == BenchCommandKind.Increment)
            plan.Counters.Acknowledge(pending.Index);
        else if (pending.Write > 0 && IsAcknowledgement(pending.Command, kind))
            plan.Ledger.Acknowledge(pending.Index, pending.Write);
    }

    private static bool IsAcknowledgement(BenchCommandKind command, ReplyKind kind) =>
        kind == ReplyKind.Done || (kind == ReplyKind.Missing && command == BenchCommandKind.Delete);

    private ref Pending Add(BenchCommandKind command, long now)
    {
        if (PendingCount == 0)
            ProgressMs = worker.NowMs;
        var at = _head + PendingCount++;
        ref var pending = ref _ring[at < _ring.Length ? at : at - _ring.Length];
        pending = new Pending { Command = command, SentAt = now };
        return ref pending;
    }

    private ReadOnlySpan<byte> Name(int index, bool isCounter)
    {
        plan.Format.Write(_key, index, isCounter);
        return _key.AsSpan(0, plan.Format.LengthBytes);
    }
}
