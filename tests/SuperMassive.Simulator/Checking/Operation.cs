using System.Globalization;

namespace SuperMassive.Simulator.Checking;

public enum OperationKind : byte
{
    Put,
    Get,
    Delete,

    /// <summary>INCR, or DECR with a negative delta.</summary>
    Add,

    Scan,

    /// <summary>RCNF.</summary>
    Reload,

    /// <summary>STAT or PING: of no key, and to be answered in its turn.</summary>
    Ask,
}

public enum Outcome : byte
{
    /// <summary>Sent, and nothing heard yet.</summary>
    Pending,

    Ok,

    NotFound,

    /// <summary>INCR of something that is no number: a statement about the value, like a read.</summary>
    NotNumber,

    /// <summary>INCR beyond what a number may be: likewise.</summary>
    OutOfRange,

    /// <summary>Refused: by its documentation this answer says that nothing was and will be changed.</summary>
    Refused,

    /// <summary>A timeout or a closed connection: may take effect now, later, or never.</summary>
    Indeterminate,
}

/// <summary>Offset and limit of a REGX.</summary>
public readonly record struct ScanWindow(int Offset, int Limit);

/// <summary>One request of one client and what became of it. Times are virtual microseconds.</summary>
public sealed class Operation
{
    public required int Id { get; init; }

    public required OperationKind Kind { get; init; }

    /// <summary>The key, or the pattern of a scan.</summary>
    public required string Key { get; init; }

    public string Client { get; init; } = "";

    /// <summary>
    /// What was sent on one connection means what the same requests mean one by one, also in a pipeline. 0: alone on its connection.
    /// </summary>
    public int Connection { get; init; }

    /// <summary>The process it was sent to.</summary>
    public string Server { get; init; } = "";

    /// <summary>RESP arrays instead of lines.</summary>
    public bool IsResp { get; init; }

    /// <summary>What PUT writes.</summary>
    public string? Value { get; init; }

    /// <summary>What INCR adds.</summary>
    public decimal Delta { get; init; }

    /// <summary>Which part of a scan is asked for; null: all.</summary>
    public ScanWindow? Window { get; init; }

    public required long InvokeUs { get; init; }

    public long ReturnUs { get; set; } = long.MaxValue;

    public Outcome Outcome { get; set; }

    /// <summary>The value that GET or INCR answered.</summary>
    public string? Result { get; set; }

    /// <summary>The error line, as the server worded it.</summary>
    public string? Error { get; set; }

    /// <summary>What a scan answered, in its order.</summary>
    public List<KeyValuePair<string, string>>? Pairs { get; set; }

    /// <summary>Whether it concerns one key.</summary>
    public bool IsOfKey => Kind is not (OperationKind.Scan or OperationKind.Reload or OperationKind.Ask);

    /// <summary>
    /// Whether this came after <paramref name="earlier"/> for certain: it was asked when that was answered, or after it on its connection.
    /// </summary>
    public bool IsAfter(Operation earlier) => InvokeUs > earlier.SettledUs
        || (Connection > 0 && Connection == earlier.Connection && Id > earlier.Id && earlier.SettledUs < long.MaxValue);

    public bool IsWrite => Kind is OperationKind.Put or OperationKind.Delete or OperationKind.Add;

    /// <summary>Whether it certainly took effect.</summary>
    public bool IsAcknowledgedWrite => IsWrite && Outcome == Outcome.Ok;

    /// <summary>Whether it certainly or possibly takes effect.</summary>
    public bool MayTakeEffect => IsWrite && Outcome is Outcome.Ok or Outcome.Indeterminate or Outcome.Pending;

    /// <summary>When its effect is certainly over; never for one that nobody knows about.</summary>
    public long SettledUs => Outcome is Outcome.Indeterminate or Outcome.Pending ? long.MaxValue : ReturnUs;

    public override string ToString()
    {
        var what = Kind switch
        {
            OperationKind.Put => $"PUT {Key} {Shorten(Value)}",
            OperationKind.Get => $"GET {Key}",
            OperationKind.Delete => $"DEL {Key}",
            OperationKind.Add => $"INCR {Key} {Delta.ToString(CultureInfo.InvariantCulture)}",
            OperationKind.Reload => "RCNF",
            OperationKind.Ask => Key,
            _ => $"REGX {Key}{(Window is { } window ? $" {window.Offset} {window.Limit}" : "")}",
        };
        var returned = ReturnUs == long.MaxValue ? "…" : (ReturnUs / 1e6).ToString("F6", CultureInfo.InvariantCulture);
        var answer = Error ?? (Pairs is null ? Shorten(Result) : $"{Pairs.Count} pairs");
        var invoked = (InvokeUs / 1e6).ToString("F6", CultureInfo.InvariantCulture);
        return $"{invoked,12} – {returned,-12} {Client,-10} #{Id,-4} {what} → {Outcome} {answer}";
    }

    private static string? Shorten(string? value) => value is { Length: > 24 } ? $"{value[..20]}…({value.Length})" : value;
}
