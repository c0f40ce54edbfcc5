using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SuperMassive.Core;
using SuperMassive.Core.Node;
using SuperMassive.Simulator.Processes;

namespace SuperMassive.Simulator.Tests.Toy;

/// <summary>Ways in which a store can be wrong; each breaks one promise.</summary>
internal enum Bug
{
    None,
    AnswersBeforeTheJournal,
    ForgetsDeletionsInTheJournal,
    ReadsAnOldCopy,
    LosesUpdates,
    MixesUpReplies,
    SwallowsRequests,
    InventsValues,
    RecoversOneRecordShort,
    CutsScans,
    Throws,
}

/// <summary>
/// One process that speaks the client protocol over a table and a text journal: small enough to be right by inspection, so that
/// what the simulator finds is a bug put there on purpose.
/// </summary>
internal sealed class ToyStore(SimNode host, Bug bug) : NodeAdapter, IStateMachine
{
    private readonly SortedDictionary<string, string> _table = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _old = [];
    private readonly List<(Channel Channel, long Position, long Lsn)> _held = [];
    private readonly StringBuilder _records = new();
    private long _lsn;
    private long _durableLsn;
    private bool _isSyncing;
    private bool _hasFailed;
    private int _requests;

    public override IStateMachine Machine => this;

    public bool IsDrained => true;

    public static NodeBoot Boot(Bug bug) => (SimNode node, out string refusal) =>
    {
        refusal = "";
        var store = new ToyStore(node, bug);
        store.Recover();
        return store;
    };

    public void BeginBatch(long unixMs, long monotonicMs)
    {
    }

    public void Accepted(Channel channel) => channel.Owner = this;

    public void Opened(Channel channel)
    {
    }

    public void Closed(Channel channel, string reason) => _held.RemoveAll(held => held.Channel == channel);

    public void BeginDrain()
    {
    }

    public int Received(Channel channel, ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        while (ToyRequest.TryRead(bytes[taken..], out var request, out var length))
        {
            taken += length;
            if (bug == Bug.SwallowsRequests && ++_requests % 40 == 0)
                continue;
            channel.Output.Write(Encoding.ASCII.GetBytes(_hasFailed ? request.Error("journal failed") : Answer(request)));
            _held.Add((channel, channel.Output.Written, _lsn + _records.Length));
        }
        return taken;
    }

    public void EndBatch()
    {
        if (_records.Length > 0)
        {
            var bytes = Encoding.ASCII.GetBytes(_records.ToString());
            _records.Clear();
            var written = host.WriteJournal(_lsn, bytes);
            _lsn += bytes.Length;
            if (host.Settings.JournalMode != JournalMode.Always)
                _durableLsn = Math.Max(_durableLsn, written);
        }
        if (host.Settings.JournalMode == JournalMode.Always && _durableLsn < _lsn && !_isSyncing && !_hasFailed)
        {
            _isSyncing = true;
            host.SyncJournal(long.MaxValue);
        }
        Release();
    }

    public override void JournalWritten(long lsn) => _durableLsn = Math.Max(_durableLsn, lsn);

    public override void JournalSynced(long lsn) => (_isSyncing, _durableLsn) = (false, Math.Max(_durableLsn, lsn));

    public override void JournalFull(string why) => JournalFailed(why);

    public override void JournalFailed(string why)
    {
        // stops answering at all: the clients find their connections closed when the operator restarts it
        (_isSyncing, _hasFailed) = (false, true);
        foreach (var (channel, _, _) in _held)
            channel.Abort();
        _held.Clear();
        host.CrashBeforeSending();
    }

    public override void JournalRead(object reader, long lsn, ReadOnlySpan<byte> bytes)
    {
    }

    public override void SettingsLoaded(NodeSettings? settings, string? error)
    {
    }

    public override void ReadTable(List<HeldKey> into)
    {
        foreach (var (key, value) in _table)
            into.Add(new HeldKey(key, Version.None, value));
    }

    private void Release()
    {
        foreach (var (channel, position, lsn) in _held)
        {
            if (lsn <= _durableLsn || bug == Bug.AnswersBeforeTheJournal)
                channel.Output.Release(position);
        }
        _held.RemoveAll(held => held.Lsn <= _durableLsn || bug == Bug.AnswersBeforeTheJournal);
    }

    private void Recover()
    {
        var text = Encoding.ASCII.GetString(host.Journal.Written);
        var end = 0;
        for (var at = 0; ToyRecord.TryRead(text, at, out var key, out var value, out var next); at = end = next)
        {
            if (bug == Bug.RecoversOneRecordShort && next == text.Length)
                break;
            if (value is null)
                _table.Remove(key);
            else
                _table[key] = value;
        }
        host.TruncateJournal(end);
        _lsn = _durableLsn = end;
    }

    private string Answer(ToyRequest request)
    {
        if (bug == Bug.Throws && ++_requests == 100)
            throw new InvalidOperationException("a core must not throw");
        var value = _table.GetValueOrDefault(request.Key);
        return request.Verb switch
        {
            "AUTH" => request.Status("OK authenticated"),
            "PUT" => Put(request),
            "GET" => Get(request, value),
            "DEL" => Delete(request, value),
            "INCR" or "DECR" => Add(request, value),
            "REGX" => Scan(request),
            "PING" => request.Status(request.IsResp ? "PONG" : "OK PONG"),
            "STAT" => request.Figures($"keys {_table.Count}"),
            _ => request.Error("unknown command"),
        };
    }

    private string Put(ToyRequest request)
    {
        Write(request.Key, request.Argument);
        return request.Status("OK key-value written");
    }

    private string Get(ToyRequest request, string? value)
    {
        _requests++;
        if (bug == Bug.ReadsAnOldCopy && _requests % 10 == 0)
            value = _old.GetValueOrDefault(request.Key) ?? value;
        if (bug == Bug.InventsValues && _requests % 50 == 0)
            value = "made up";
        return bug == Bug.MixesUpReplies && _requests % 50 == 0 ? request.Value("other", "OK") : request.Value(request.Key, value);
    }

    private string Delete(ToyRequest request, string? value)
    {
        if (value is null)
            return request.Deleted(false);
        Write(request.Key, null);
        return request.Deleted(true);
    }

    private string Add(ToyRequest request, string? value)
    {
        if (value is null)
            return request.NotFound();
        if (!long.TryParse(value, out _))
            return request.Error("value is not a number");
        var delta = long.Parse(request.Argument, CultureInfo.InvariantCulture) * (request.Verb == "DECR" ? -1 : 1);
        var sum = Sum(value, delta);
        if (bug != Bug.LosesUpdates || ++_requests % 10 != 0)
            Write(request.Key, sum);
        return request.Number(sum);
    }

    private string Scan(ToyRequest request)
    {
        var pattern = new Regex(request.Key, RegexOptions.CultureInvariant);
        var pairs = _table.Where(pair => pattern.IsMatch(pair.Key)).ToList();
        return request.Pairs(bug == Bug.CutsScans ? [.. pairs.Skip(1)] : pairs);
    }

    private void Write(string key, string? value)
    {
        if (_table.GetValueOrDefault(key) is { } old)
            _old[key] = old;
        if (value is null)
            _table.Remove(key);
        else
            _table[key] = value;
        if (value is not null || bug != Bug.ForgetsDeletionsInTheJournal)
            _records.Append(ToyRecord.Of(key, value));
    }

    private static string Sum(string value, long delta) =>
        (long.Parse(value, CultureInfo.InvariantCulture) + delta).ToString(CultureInfo.InvariantCulture);
}
