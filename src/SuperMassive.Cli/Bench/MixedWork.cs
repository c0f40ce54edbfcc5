namespace SuperMassive.Cli.Bench;

/// <summary>The load itself: random commands on random keys, for a time or for a number of commands.</summary>
internal sealed class MixedWork : Work
{
    private readonly BenchSettings _settings;
    private readonly LoadPlan _plan;
    private readonly ZipfSampler? _zipf;
    private readonly double _readLimit, _writeLimit, _deleteLimit;
    private long _budget;

    public MixedWork(LoadPlan plan)
        : base(plan.Settings.Pipeline)
    {
        _plan = plan;
        _settings = plan.Settings;
        _budget = _settings.Operations;
        // the last kind that is asked for takes what rounding leaves of 1, so that no other is sent
        var (read, write, delete, increment) = (_settings.ReadRatio, _settings.WriteRatio, _settings.DeleteRatio, _settings.IncrementRatio);
        _readLimit = write + delete + increment > 0 ? read : double.MaxValue;
        _writeLimit = delete + increment > 0 ? read + write : double.MaxValue;
        _deleteLimit = increment > 0 ? read + write + delete : double.MaxValue;
        if (_settings.Distribution == KeyDistribution.Zipf)
            _zipf = new ZipfSampler(_settings.Keys, _settings.ZipfExponent);
    }

    protected override bool TrySendNext(LoadConnection connection, long now)
    {
        var isMeasured = _settings.Duration is not null || now >= _plan.MeasureFrom;
        if (_settings.Duration is null)
        {
            if (isMeasured && Interlocked.Decrement(ref _budget) < 0)
                return false;
        }
        else if (now >= _plan.MeasureUntil)
        {
            return false;
        }
        Send(connection, isMeasured, now);
        return true;
    }

    private void Send(LoadConnection connection, bool isMeasured, long now)
    {
        var choice = connection.Random.NextDouble();
        if (choice >= _deleteLimit)
        {
            connection.SendIncrement(connection.Random.Next(_settings.Counters), isMeasured, now);
            return;
        }
        var key = _zipf?.Next(ref connection.Random) ?? connection.Random.Next(_settings.Keys);
        if (choice < _readLimit)
            connection.SendGet(key, isMeasured, now);
        else if (choice < _writeLimit)
            connection.SendPut(connection.OwnKeyNear(key), isMeasured, now);
        else
            connection.SendDelete(connection.OwnKeyNear(key), isMeasured, now);
    }
}
