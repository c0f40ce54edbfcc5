namespace SuperMassive.Core.Protocol;

/// <summary>
/// Cuts what a connection sends into commands, in both framings. One per connection: it remembers what it is skipping and
/// how far it has looked, so that a command that arrives in pieces is not read again from its first byte.
/// </summary>
/// <remarks>
/// Nothing is kept of the input and nothing is allocated per command. What is over a limit is refused as soon as that is
/// known, before its bytes are awaited, and then passed over.
/// </remarks>
public sealed class CommandReader(Port port, Limits limits)
{
    /// <summary>The most journal that one PAGES may carry.</summary>
    public const int PagesBytes = 4 << 20;

    /// <summary>A verb longer than this is not awaited.</summary>
    public const int MaxVerbBytes = 64;

    private RefusedRest _refused;
    private LimitErrors? _errors;

    // of the command that the input begins with
    private int _searchedBytes;
    private int _lineLimitBytes;
    private bool _isValueOpen;
    private long _awaitedBytes;

    /// <summary>Whether the sender is known; until then a whole command is limited to <see cref="Limits.UnauthenticatedBytes"/>.</summary>
    public bool IsAuthenticated { get; set; }

    private int LineValueLimit => Math.Min(limits.LineValueBytes, limits.ValueBytes);

    private LimitErrors Errors => _errors ??= new LimitErrors(limits);

    /// <summary>Reads the next command.</summary>
    /// <param name="input">All that arrived and was not consumed by earlier calls.</param>
    /// <param name="command">Valid as long as <paramref name="input"/> is.</param>
    /// <returns>After anything but Incomplete and Fatal, call again with what follows <see cref="Command.ConsumedBytes"/>.</returns>
    public ReadStatus Read(ReadOnlySpan<byte> input, out Command command)
    {
        command = default;
        var start = 0;
        if (!_refused.IsPassed)
        {
            var passed = _refused.PassOver(input, out start);
            if (passed == RespStatus.Incomplete)
                return Await(ref command, start);
            if (passed == RespStatus.Malformed)
                return Break(ref command, input, "protocol error: framing lost in a refused command"u8);
        }
        if (start == input.Length)
            return Await(ref command, start);
        if (input[start] == '*')
            return ReadArray(input, start, ref command);
        return ReadLine(input, start, ref command);
    }

    private ReadStatus ReadLine(ReadOnlySpan<byte> input, int start, ref Command command)
    {
        command.Begin(input, Framing.Line);
        var line = input[start..];
        var from = Math.Max(0, Math.Min(_searchedBytes, line.Length) - 1);
        var end = line[from..].IndexOf("\r\n"u8);
        if (end >= 0)
            end += from;
        // a last CR may yet turn out to be the end
        var lengthBytes = end >= 0 ? end : line[^1] == '\r' ? line.Length - 1 : line.Length;
        if (!IsAuthenticated && lengthBytes > limits.UnauthenticatedBytes)
            return RefuseLine(ref command, line, start + limits.UnauthenticatedBytes, Errors.Unauthenticated);
        if (lengthBytes > limits.LineBytes && lengthBytes > LineLimit(line))
            return RefuseLine(ref command, line, start + _lineLimitBytes, _isValueOpen ? Errors.LineValue : Errors.Line);
        if (end < 0)
        {
            _searchedBytes = line.Length;
            return Await(ref command, start);
        }
        return ParseLine(line[..end], start, ref command);
    }

    /// <summary>How long this line may be, which for PUT depends on where its value begins. Asked only of long lines.</summary>
    private int LineLimit(ReadOnlySpan<byte> line)
    {
        if (_lineLimitBytes != 0)
            return _lineLimitBytes;
        _lineLimitBytes = limits.LineBytes;
        var head = line[..Math.Min(line.Length, limits.LineBytes + 1)];
        var row = FindRow(head, out _);
        if (row is not { TakesRestOfLine: true })
            return _lineLimitBytes;
        var valueStart = 0;
        for (var i = 0; i < row.MaxArguments; i++)
        {
            var space = head[valueStart..].IndexOf((byte)' ');
            if (space < 0)
                return _lineLimitBytes;
            valueStart += space + 1;
        }
        _isValueOpen = true;
        return _lineLimitBytes = valueStart + LineValueLimit;
    }

    /// <param name="line">Without its CRLF.</param>
    /// <param name="start">Where the line begins in the input.</param>
    private ReadStatus ParseLine(ReadOnlySpan<byte> line, int start, ref Command command)
    {
        var next = start + line.Length + 2;
        var row = FindRow(line, out var verbBytes);
        if (row is null)
            return Refuse(ref command, next, "unknown command"u8);
        command.Row = row;

        var restAt = row.TakesRestOfLine ? row.MaxArguments - 1 : int.MaxValue;
        for (var at = verbBytes + 1; at <= line.Length;)
        {
            var length = command.ArgumentCount == restAt ? -1 : line[at..].IndexOf((byte)' ');
            if (length < 0)
                length = line.Length - at;
            command.AddArgument(start + at, length);
            at += length + 1;
        }
        if (!row.Accepts(command.ArgumentCount))
            return Refuse(ref command, next, row.WrongNumber);
        for (var i = 0; i < command.ArgumentCount; i++)
        {
            var error = Check(row, i, command[i].Length, LineValueLimit);
            if (!error.IsEmpty)
                return Refuse(ref command, next, error);
        }
        return Accept(ref command, next);
    }

    private CommandRow? FindRow(ReadOnlySpan<byte> line, out int verbBytes)
    {
        verbBytes = line.IndexOf((byte)' ');
        if (verbBytes < 0)
            verbBytes = line.Length;
        return CommandTable.Find(line[..verbBytes], port);
    }

    private ReadStatus ReadArray(ReadOnlySpan<byte> input, int start, ref Command command)
    {
        if (input.Length - start < _awaitedBytes)
            return Await(ref command, start);
        command.Begin(input, Framing.Resp);
        var at = start + 1;
        var status = RespHeader.Read(input, ref at, out var count);
        if (status == RespStatus.Incomplete)
            return Await(ref command, start);
        if (status == RespStatus.Malformed || count == 0)
            return Break(ref command, input, "protocol error: invalid array length"u8);
        if (count > limits.ArrayElements)
            return Break(ref command, input, "protocol error: array has too many elements"u8);

        for (var elementsLeft = (int)count - 1; elementsLeft >= 0; elementsLeft--)
        {
            if (at == input.Length)
                return Await(ref command, start);
            if (input[at] != '$')
                return Break(ref command, input, "protocol error: expected a bulk string"u8);
            at++;
            status = RespHeader.Read(input, ref at, out var length);
            if (status == RespStatus.Incomplete)
                return Await(ref command, start);
            if (status == RespStatus.Malformed)
                return Break(ref command, input, "protocol error: invalid bulk length"u8);

            var isVerb = elementsLeft == count - 1;
            var error = CheckBulk(command.Row, isVerb ? -1 : command.ArgumentCount, length, at - start);
            if (!error.IsEmpty)
                return RefuseArray(ref command, at, elementsLeft, length, error);
            if (input.Length - at < length + 2)
            {
                _awaitedBytes = at - start + length + 2;
                return Await(ref command, start);
            }
            var bulk = input.Slice(at, (int)length);
            if (!input.Slice(at + bulk.Length, 2).SequenceEqual("\r\n"u8))
                return Break(ref command, input, "protocol error: expected CRLF after a bulk string"u8);
            if (isVerb)
                error = Identify(ref command, bulk, (int)count - 1);
            else
                command.AddArgument(at, bulk.Length);
            at += bulk.Length + 2;
            if (!error.IsEmpty)
                return RefuseArray(ref command, at, elementsLeft, -1, error);
        }
        return Accept(ref command, at);
    }

    /// <param name="position">Of the argument; −1 is the verb.</param>
    /// <param name="beforeBytes">The command's bytes before the bulk's.</param>
    private ReadOnlySpan<byte> CheckBulk(CommandRow row, int position, long lengthBytes, int beforeBytes)
    {
        if (position < 0 && lengthBytes > MaxVerbBytes)
            return "unknown command"u8;
        if (!IsAuthenticated && beforeBytes + lengthBytes + 2 > limits.UnauthenticatedBytes)
            return Errors.Unauthenticated;
        return position < 0 ? default : Check(row, position, lengthBytes, limits.ValueBytes);
    }

    private ReadOnlySpan<byte> Identify(scoped ref Command command, ReadOnlySpan<byte> name, int argumentCount)
    {
        var row = CommandTable.Find(name, port);
        if (row is null)
            return "unknown command"u8;
        command.Row = row;
        return row.Accepts(argumentCount) ? default : row.WrongNumber;
    }

    /// <summary>What is wrong with the length of an argument, or nothing.</summary>
    private ReadOnlySpan<byte> Check(CommandRow row, int position, long lengthBytes, int valueLimitBytes)
    {
        var argument = row.KindOf(position);
        var limitBytes = argument == Argument.Value ? valueLimitBytes : LimitErrors.LimitBytes(limits, argument);
        if (lengthBytes > limitBytes)
            return argument == Argument.Value && valueLimitBytes < limits.ValueBytes ? Errors.LineValue : Errors.Of(argument);
        return lengthBytes == 0 && argument == Argument.Key ? "empty key"u8 : default;
    }

    private ReadStatus Await(ref Command command, int consumedBytes)
    {
        command = default;
        command.ConsumedBytes = consumedBytes;
        return ReadStatus.Incomplete;
    }

    private ReadStatus Accept(ref Command command, int consumedBytes)
    {
        Forget();
        command.ConsumedBytes = consumedBytes;
        return ReadStatus.Command;
    }

    private ReadStatus Refuse(ref Command command, int consumedBytes, ReadOnlySpan<byte> error)
    {
        Forget();
        command.ConsumedBytes = consumedBytes;
        command.Error = error;
        return ReadStatus.Error;
    }

    /// <param name="consumedBytes">Within the line, so that its CRLF is still to come.</param>
    private ReadStatus RefuseLine(ref Command command, ReadOnlySpan<byte> line, int consumedBytes, ReadOnlySpan<byte> error)
    {
        command.Row = FindRow(line, out _) ?? CommandTable.Unknown;
        _refused.BeginLine();
        return Refuse(ref command, consumedBytes, error);
    }

    /// <param name="bulkBytes">Length of the bulk whose header was read last and whose bytes are not wanted; −1: none.</param>
    private ReadStatus RefuseArray(ref Command command, int consumedBytes, int elementsLeft, long bulkBytes, ReadOnlySpan<byte> error)
    {
        _refused.BeginArray(elementsLeft, bulkBytes);
        return Refuse(ref command, consumedBytes, error);
    }

    private ReadStatus Break(ref Command command, ReadOnlySpan<byte> input, ReadOnlySpan<byte> error)
    {
        Forget();
        _refused.BeginEndless();
        command.ConsumedBytes = input.Length;
        command.Error = error;
        return ReadStatus.Fatal;
    }

    private void Forget()
    {
        _searchedBytes = 0;
        _lineLimitBytes = 0;
        _isValueOpen = false;
        _awaitedBytes = 0;
    }
}
