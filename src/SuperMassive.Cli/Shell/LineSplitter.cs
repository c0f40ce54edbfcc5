namespace SuperMassive.Cli.Shell;

/// <summary>Cuts lines out of a byte stream, however it is split. A line ends with LF; a CR before it belongs to the end.</summary>
internal sealed class LineSplitter
{
    private const int MinReadBytes = 16 << 10;
    private byte[] _buffer = new byte[MinReadBytes];
    private int _start, _searched, _end;

    public Memory<byte> GetMemory()
    {
        if (_buffer.Length - _end < MinReadBytes)
        {
            var unread = _end - _start;
            var target = unread + MinReadBytes <= _buffer.Length ? _buffer : new byte[Math.Max(2 * _buffer.Length, unread + MinReadBytes)];
            _buffer.AsSpan(_start, unread).CopyTo(target);
            (_buffer, _start, _searched, _end) = (target, 0, _searched - _start, unread);
        }
        return _buffer.AsMemory(_end);
    }

    public void Advance(int count) => _end += count;

    /// <summary>The next whole line without its end; a copy.</summary>
    public bool TryRead(out byte[] line)
    {
        var newline = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
        if (newline < 0)
        {
            _searched = _end;
            line = [];
            return false;
        }
        var lineEnd = _searched + newline;
        line = WithoutCarriageReturn(_buffer.AsSpan(_start, lineEnd - _start));
        _start = _searched = lineEnd + 1;
        return true;
    }

    /// <summary>What follows the last line end, once the stream has ended.</summary>
    public byte[] TakeRest()
    {
        var rest = WithoutCarriageReturn(_buffer.AsSpan(_start, _end - _start));
        _start = _searched = _end;
        return rest;
    }

    private static byte[] WithoutCarriageReturn(ReadOnlySpan<byte> line) => (line is [.., (byte)'\r'] ? line[..^1] : line).ToArray();
}
