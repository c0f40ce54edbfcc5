using System.Buffers;
using SuperMassive.Core;
using SuperMassive.Simulator.Checking;
using SuperMassive.Simulator.Processes;

namespace SuperMassive.Simulator.Clients;

/// <summary>
/// A client process: it speaks the real protocol over one connection, reconnects when that is lost, and records what it asked,
/// what it heard, and when.
/// </summary>
public sealed class SimClient : SimProcess, IStateMachine
{
    private readonly Queue<Operation> _underWay = new();
    private readonly History _history;
    private readonly ClientSettings _settings;
    private string _server = "";
    private int _connection;
    private Channel? _channel;
    private bool _isDozing;
    private bool _isOpen;
    private bool _isAuthenticated;
    private long _openedUs;
    private long _nextUs;

    public SimClient(World world, string name, ClientSettings settings, Workload workload, History history)
        : base(world, name, name)
    {
        _settings = settings;
        _history = history;
        Workload = workload;
    }

    public Workload Workload { get; set; }

    /// <summary>Replies that no server may send, and what they were.</summary>
    public List<Violation> Breaches { get; } = [];

    public int UnderWay => _underWay.Count;

    /// <summary>While set no request is given up: whatever is still unanswered at the end never was.</summary>
    public bool IsPatient { get; set; }

    /// <summary>While set nothing new is asked.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Requests given up because nobody answered in time.</summary>
    public int GivenUp { get; private set; }

    /// <summary>While set it takes no replies and asks nothing, but keeps its connection.</summary>
    public bool IsDozing
    {
        get => _isDozing;
        set
        {
            _isDozing = value;
            if (_channel is not null)
                _channel.IsReadingPaused = value;
            Wake();
        }
    }

    public bool IsDrained => _underWay.Count == 0;

    public void BeginDrain() => IsSilent = true;

    public void BeginBatch(long unixMs, long monotonicMs)
    {
        var nowUs = World.Scheduler.NowUs;
        if (_channel is null)
        {
            if (nowUs >= _nextUs && !(IsSilent || Workload.IsOver))
                Connect();
            return;
        }
        var waitsSinceUs = _underWay.TryPeek(out var oldest) ? oldest.InvokeUs : _openedUs;
        var waits = _underWay.Count > 0 || _isOpen && !_isAuthenticated;
        if (waits && !IsPatient && !_isDozing && nowUs - waitsSinceUs > _settings.PatienceUs)
            GiveUp();
    }

    public void Accepted(Channel channel) => channel.Abort();

    public void Opened(Channel channel)
    {
        _isOpen = true;
        _openedUs = World.Scheduler.NowUs;
        RequestWriter.WriteAuth(channel.Output, Random.Chance(_settings.RespPerMille), _settings.Username, _settings.Password);
    }

    public int Received(Channel channel, ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        while (taken < bytes.Length && ReferenceEquals(channel, _channel))
        {
            var length = _isAuthenticated ? ReadReply(bytes[taken..]) : ReadGreeting(bytes[taken..]);
            if (length == 0)
                break;
            taken += length;
        }
        return ReferenceEquals(channel, _channel) ? taken : bytes.Length;
    }

    public void Closed(Channel channel, string reason)
    {
        if (ReferenceEquals(channel, _channel))
            LoseConnection();
    }

    public void EndBatch()
    {
        if (!_isAuthenticated || IsSilent || World.Scheduler.NowUs < _nextUs)
            return;
        while (!_isDozing && _underWay.Count < _settings.Depth && Workload.Next(_history.NextId) is { } request)
            Send(request);
    }

    protected override IStateMachine? Boot(out string refusal)
    {
        refusal = "";
        LoseConnection();
        return this;
    }

    protected override void OnCrashed() => LoseConnection();

    protected override void OnPowerCut() => LoseConnection();

    private void Send(Request request)
    {
        var operation = new Operation
        {
            Id = _history.NextId,
            Client = Name,
            Kind = request.Kind,
            Key = request.Key,
            Value = request.Value,
            Delta = request.Delta,
            Window = request.Window,
            Connection = _connection,
            Server = _server,
            IsResp = request.NeedsResp || Random.Chance(_settings.RespPerMille),
            InvokeUs = World.Scheduler.NowUs,
        };
        _history.Add(operation);
        _underWay.Enqueue(operation);
        RequestWriter.Write(_channel!.Output, operation.IsResp, request);
    }

    private int ReadGreeting(ReadOnlySpan<byte> bytes)
    {
        var length = LineReply.ReadLine(bytes, out var line);
        if (length == 0)
            return 0;
        _isAuthenticated = line.EndsWith("OK authenticated", StringComparison.Ordinal);
        if (line.EndsWith("ERR shutting down", StringComparison.Ordinal))
        {
            GiveUp();
        }
        else if (!_isAuthenticated)
        {
            Breaches.Add(new Violation("protocol", "", $"{Name}: AUTH was answered {line}"));
            GiveUp();
        }
        return length;
    }

    private int ReadReply(ReadOnlySpan<byte> bytes)
    {
        if (!_underWay.TryPeek(out var operation))
        {
            Breaches.Add(new Violation("protocol", "", $"{Name}: a reply to nothing: {Reply.Text(bytes)}"));
            GiveUp();
            return bytes.Length;
        }
        var length = operation.IsResp
            ? RespReply.TryRead(bytes, operation.Kind, out var reply)
            : LineReply.TryRead(bytes, operation.Kind, operation.Key, out reply);
        if (length > 0)
            Complete(_underWay.Dequeue(), reply);
        return length;
    }

    private void Complete(Operation operation, in Reply reply)
    {
        if (reply.Breach is { } breach)
            Breaches.Add(new Violation("protocol", operation.Key, $"{Name} #{operation.Id}: {breach}"));
        operation.Outcome = reply.Outcome;
        operation.Result = reply.Value;
        operation.Error = reply.Error;
        operation.Pairs = reply.Pairs;
        operation.ReturnUs = World.Scheduler.NowUs;
        _nextUs = operation.ReturnUs + Random.Skewed(0, _settings.ThinkUs);
        Workload.Completed(operation);
        if (operation.Error == Reply.SupersededLine)
        {
            GiveUp();
            return;
        }
        if (_nextUs > World.Scheduler.NowUs)
            PostAfter(_nextUs - World.Scheduler.NowUs, static () => { });
    }

    private void Connect()
    {
        _server = _settings.ServerAddress(this);
        _connection = World.NextConnection();
        _channel = World.Network.Connect(this, new PeerAddress(_server));
        _channel.IsReadingPaused = _isDozing;
    }

    private void GiveUp()
    {
        GivenUp += _underWay.Count;
        _channel?.Abort();
        LoseConnection();
    }

    private void LoseConnection()
    {
        _channel = null;
        _isOpen = _isAuthenticated = false;
        _nextUs = World.Scheduler.NowUs + Random.Skewed(1_000, 500_000);
        while (_underWay.TryDequeue(out var operation))
        {
            operation.Outcome = Outcome.Indeterminate;
            operation.Error = "connection lost";
            operation.ReturnUs = World.Scheduler.NowUs;
            Workload.Completed(operation);
        }
    }
}
