using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Cluster;

internal enum OperationKind : byte
{
    Put,
    Get,
    Delete,
    Count,
    Scan,
    Statistics,
    Reload,

    /// <summary>A gather without a client: finds out which of several copies of a key is the newest.</summary>
    Resolve,

    /// <summary>Answered at once; only waits for its turn.</summary>
    Immediate,
}

/// <summary>What a read or a count is waiting for.</summary>
internal enum Step : byte
{
    None,
    Hinted,
    HintedReplica,
    Gather,
    Add,
    Write,
    AwaitHolder,

    /// <summary>Until those before it on its key know their holder.</summary>
    AwaitTurn,
}

internal enum Outcome : byte
{
    None,
    Written,
    Value,
    Missing,
    Deleted,
    Number,

    /// <summary>The payload is the text after <c>ERR </c>.</summary>
    Error,

    /// <summary>The payload is the whole reply in the client's framing.</summary>
    Raw,
}

/// <summary>
/// One client command under way. Pooled: its buffers are reused, and it goes back only when it was answered and no link still owes it
/// a reply.
/// </summary>
internal sealed class Operation
{
    private byte[] _key = new byte[64];
    private byte[] _value = new byte[128];
    private byte[] _found = new byte[128];
    private int _keyLength;
    private int _valueLength;
    private int _foundLength;

    public OperationKind Kind;

    /// <summary>What the client sent; <see cref="Protocol.Verb.None"/> when it could not be understood.</summary>
    public Verb Verb;
    public Framing Framing;

    /// <summary>Null when nobody waits for it any more, or nobody ever did.</summary>
    public ClientSession? Session;
    public ulong Hash;

    /// <summary>The version this write was given.</summary>
    public Version Version;

    /// <summary>The version a hinted read or an ADD relies on.</summary>
    public Version Expected;
    public KeyState? State;
    public Shard? Shard;
    public long StartedMs;

    /// <summary>The same, as finely as the shell measures.</summary>
    public long StartedUs;

    /// <summary>Link requests that still owe a reply.</summary>
    public int Outstanding;
    /// <summary>Its reply is ready, and waits for its turn if others come first.</summary>
    public bool IsAnswered;

    /// <summary>Nothing more will be done for it.</summary>
    public bool IsFinished;
    public Outcome Outcome;
    public Step Step;
    public int Attempts;
    public bool IsIndeterminate;
    public bool IsBareOk;
    public string? LastError;

    /// <summary>Reads of the same connection that came after this write and must see it.</summary>
    public readonly List<Operation> Followers = [];

    /// <summary>Shards already tried by a PUT.</summary>
    public TriedShards Tried;

    /// <summary>Of a gather: replies still to come, shards not heard, the newest seen.</summary>
    public int Legs;
    public int Unheard;
    public Version Best;
    public Shard? BestShard;
    public bool BestIsLive;
    public readonly List<Holder> Holders = [];
    public Version HintAtStart;

    /// <summary>Of a gather or a scan: see <see cref="WideReads"/>.</summary>
    public byte Generation;

    /// <summary>Of a DEL: the shard that the hint named when it began, −1 without a hint, and whether the newest copy was live.</summary>
    public int HolderId;
    public bool IsNewestLive;

    /// <summary>State of a command of several steps (REGX, STAT, RCNF).</summary>
    public object? Flow;

    /// <summary>Neighbours in the list of writes under way, oldest version first.</summary>
    public Operation? OlderWrite;
    public Operation? NewerWrite;

    /// <summary>Neighbours among the INCRs under way on their key, in the order in which they came.</summary>
    public Operation? CountBefore;
    public Operation? CountBehind;

    /// <summary>Of an INCR: the number of the chain in which it was asked last.</summary>
    public int Chain;

    public bool IsWrite => Kind is OperationKind.Put or OperationKind.Delete or OperationKind.Count;

    /// <summary>
    /// A read that was asked in vain must not be asked again once a later write of its own connection may be seen: a pipeline means what
    /// the same commands mean one by one.
    /// </summary>
    public bool IsOvertaken => ComesBefore(new Version(ulong.MaxValue));

    /// <summary>Whether what has this version is, or comes after, what this read's connection wrote behind it: not for it to see.</summary>
    public bool ComesBefore(Version seen) => Kind == OperationKind.Get && Session is { } session && session.HasLaterWrite(this, seen);

    public ReadOnlySpan<byte> Key => _key.AsSpan(0, _keyLength);

    public ReadOnlySpan<byte> Value => _value.AsSpan(0, _valueLength);

    /// <summary>What a gather or a replica found: the newest value of the key.</summary>
    public ReadOnlySpan<byte> Found => _found.AsSpan(0, _foundLength);

    public void SetKey(ReadOnlySpan<byte> key) => Copy(key, ref _key, ref _keyLength);

    public void SetValue(ReadOnlySpan<byte> value) => Copy(value, ref _value, ref _valueLength);

    public void SetFound(ReadOnlySpan<byte> value) => Copy(value, ref _found, ref _foundLength);

    /// <summary>Of a read: at least this is shown, whatever older its own node says.</summary>
    public void ShowInstead(Operation earlier, ReadOnlySpan<byte> found)
    {
        if (IsAnswered && Outcome == Outcome.Value)
        {
            SetValue(found);
            Outcome = earlier.BestIsLive ? Outcome.Value : Outcome.Missing;
        }
        else if (!IsAnswered && Step is (Step.Hinted or Step.HintedReplica))
        {
            SetFound(found);
        }
        else
        {
            return;
        }
        Best = earlier.Best;
        BestIsLive = earlier.BestIsLive;
    }

    public void Reset()
    {
        const int keptBytes = 64 << 10;
        if (_value.Length > keptBytes)
            _value = new byte[128];
        if (_found.Length > keptBytes)
            _found = new byte[128];
        _keyLength = _valueLength = _foundLength = 0;
        Session = null;
        State = null;
        Shard = BestShard = null;
        Flow = null;
        LastError = null;
        OlderWrite = NewerWrite = CountBefore = CountBehind = null;
        Version = Expected = Best = HintAtStart = Version.None;
        Outstanding = Attempts = Legs = Unheard = Chain = 0;
        Step = Step.None;
        Outcome = Outcome.None;
        IsAnswered = IsFinished = IsIndeterminate = IsBareOk = BestIsLive = IsNewestLive = false;
        HolderId = -1;
        Tried = default;
    }

    private static void Copy(ReadOnlySpan<byte> source, ref byte[] target, ref int length)
    {
        if (target.Length < source.Length)
            target = new byte[Math.Max(source.Length, target.Length * 2)];
        source.CopyTo(target);
        length = source.Length;
    }
}

/// <summary>A shard that answered a gather with a live value.</summary>
internal readonly record struct Holder(Shard Shard, Version Version);
