namespace SuperMassive.Cli.Bench;

/// <summary>One phase of a run: what each connection sends. Shared by all threads.</summary>
internal abstract class Work(int pipeline)
{
    /// <summary>Of what is not measured, and should be over soon.</summary>
    public const int SetUpPipeline = 64;

    private volatile bool _isStopped;

    /// <summary>Commands that a connection has under way.</summary>
    public int Pipeline => pipeline;

    /// <summary>Nothing more is sent; what was sent is still awaited.</summary>
    public void Stop() => _isStopped = true;

    /// <summary>Sends the connection's next command.</summary>
    /// <returns>False when it has none left.</returns>
    public bool TrySend(LoadConnection connection, long now) => !_isStopped && TrySendNext(connection, now);

    protected abstract bool TrySendNext(LoadConnection connection, long now);
}

/// <summary>Writes every key once, each by its owner, and sets every number to 0.</summary>
internal sealed class PreloadWork(BenchSettings settings) : Work(SetUpPipeline)
{
    private readonly int _keys = settings.Preload ? settings.Keys : 0;

    protected override bool TrySendNext(LoadConnection connection, long now)
    {
        var index = connection.Cursor * settings.Connections + connection.Number;
        if (index < _keys)
            connection.SendPut(index, isMeasured: false, now);
        else if (index - RoundUp(_keys) is >= 0 and var counter && counter < settings.Counters)
            connection.SendReset(counter, now);
        else if (index >= RoundUp(_keys))
            return false;
        connection.Cursor++;
        return true;
    }

    private int RoundUp(int count) => (count + settings.Connections - 1) / settings.Connections * settings.Connections;
}

/// <summary>Reads every number that was counted.</summary>
internal sealed class SumWork(BenchSettings settings) : Work(SetUpPipeline)
{
    protected override bool TrySendNext(LoadConnection connection, long now)
    {
        var counter = connection.Cursor++ * settings.Connections + connection.Number;
        if (counter >= settings.Counters)
            return false;
        connection.SendGetSum(counter, now);
        return true;
    }
}
