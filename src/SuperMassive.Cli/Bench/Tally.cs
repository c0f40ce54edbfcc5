using HdrHistogram;

namespace SuperMassive.Cli.Bench;

/// <summary>
/// What one worker saw. Written by its thread; the counts may be read by others at any time, the rest when it stands still.
/// </summary>
internal sealed class Tally
{
    private const int MaxTexts = 16;

    /// <summary>Two digits would be 1 % off; latencies are kept in nanoseconds, up to <see cref="MaxLatencyNs"/>.</summary>
    private const int SignificantDigits = 3;

    private const long MaxLatencyNs = 3_600_000_000_000;

    private readonly LongHistogram?[] _latencies = new LongHistogram?[Enum.GetValues<BenchCommandKind>().Length];
    private readonly Dictionary<string, long> _texts = [];
    private long _correct, _errors, _wrong, _unanswered, _lost, _valuesChecked;

    /// <summary>Replies that were as they have to be, measured or not.</summary>
    public long Correct => Volatile.Read(ref _correct);

    public long Errors => Volatile.Read(ref _errors);

    public long Wrong => Volatile.Read(ref _wrong);

    public long Unanswered => Volatile.Read(ref _unanswered);

    /// <summary>Connections that ended before the run did, whether they owed replies or not.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Values that were compared with what was written.</summary>
    public long ValuesChecked => Volatile.Read(ref _valuesChecked);

    /// <summary>When the last measured reply came.</summary>
    public long LastMeasured { get; private set; }

    /// <summary>What was wrong, and how often; a kind beyond the first <see cref="MaxTexts"/> is only counted.</summary>
    public IReadOnlyDictionary<string, long> Texts => _texts;

    /// <summary>Latencies of the measured correct replies to a command; null when there was none.</summary>
    public LongHistogram? LatenciesOf(BenchCommandKind command) => _latencies[(int)command];

    public void AddCorrect() => Volatile.Write(ref _correct, _correct + 1);

    public void AddCheckedValue() => Volatile.Write(ref _valuesChecked, _valuesChecked + 1);

    public void Measure(BenchCommandKind command, long latencyNs, long now)
    {
        LastMeasured = now;
        var latencies = _latencies[(int)command] ??= new LongHistogram(MaxLatencyNs, SignificantDigits);
        latencies.RecordValue(Math.Clamp(latencyNs, 1, MaxLatencyNs));
    }

    public void AddError(string text)
    {
        Volatile.Write(ref _errors, _errors + 1);
        Remember(text);
    }

    public void AddWrong(string text)
    {
        Volatile.Write(ref _wrong, _wrong + 1);
        Remember(text);
    }

    public void AddLost(int unanswered, string text)
    {
        Volatile.Write(ref _lost, _lost + 1);
        Volatile.Write(ref _unanswered, _unanswered + unanswered);
        Remember(text);
    }

    private void Remember(string text)
    {
        if (_texts.TryGetValue(text, out var times))
            _texts[text] = times + 1;
        else if (_texts.Count < MaxTexts)
            _texts.Add(text, 1);
    }
}
