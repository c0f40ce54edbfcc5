using System.Buffers.Text;

namespace SuperMassive.Client;

/// <summary>
/// Cuts RESP replies out of a byte stream, however it is split. Bytes are written into <see cref="GetMemory"/>; elements of an array
/// already read are kept, so a long one costs each byte once.
/// </summary>
internal sealed class ReplyReader
{
    private const int MinReadBytes = 16 << 10;
    private const int KeepBytes = 1 << 20;
    private const int MaxLineBytes = 1 << 20;
    private byte[] _buffer = new byte[MinReadBytes];
    private int _start, _end, _wantedBytes;
    private Reply[]? _items;
    private int _itemCount, _itemsWanted;

    /// <summary>Room for the next read: at least 16 KiB, or the rest of the value that is being read.</summary>
    public Memory<byte> GetMemory()
    {
        var unread = _end - _start;
        var needed = Math.Max(unread + MinReadBytes, _wantedBytes);
        if (_buffer.Length - _start < needed)
        {
            var fits = _buffer.Length >= needed && (_buffer.Length <= KeepBytes || needed > KeepBytes);
            var target = fits ? _buffer : new byte[Math.Max(needed, Math.Min(2 * _buffer.Length, KeepBytes))];
            _buffer.AsSpan(_start, unread).CopyTo(target);
            (_buffer, _start, _end) = (target, 0, unread);
        }
        return _buffer.AsMemory(_end);
    }

    public void Advance(int count) => _end += count;

    /// <exception cref="InvalidDataException">The bytes are no reply of this protocol; the stream cannot be trusted any more.</exception>
    public bool TryRead(out Reply reply)
    {
        reply = default;
        while (TryReadElement(out var element, out var arrayLength))
        {
            if (arrayLength > 0)
            {
                if (_items is not null)
                    throw new InvalidDataException("an array inside an array");
                (_items, _itemsWanted, _itemCount) = (new Reply[Math.Min(arrayLength, 1_024)], arrayLength, 0);
                continue;
            }
            if (_items is null)
            {
                reply = element;
                return true;
            }
            AddItem(element);
            if (_itemCount == _itemsWanted)
            {
                reply = new Reply(ReplyKind.Array, Items: _items);
                _items = null;
                return true;
            }
        }
        return false;
    }

    private void AddItem(Reply item)
    {
        // grown as elements arrive: the announced length alone is no reason to take memory
        if (_itemCount == _items!.Length)
            Array.Resize(ref _items, (int)Math.Min(2L * _items.Length, _itemsWanted));
        _items[_itemCount++] = item;
    }

    private bool TryReadElement(out Reply element, out int arrayLength)
    {
        (element, arrayLength) = (default, 0);
        var unread = _buffer.AsSpan(_start, _end - _start);
        var lineEnd = unread.IndexOf("\r\n"u8);
        if (lineEnd < 0)
            return unread.Length <= MaxLineBytes ? false : throw new InvalidDataException($"a line longer than {MaxLineBytes} bytes");
        if (lineEnd == 0)
            throw new InvalidDataException("an empty line");
        var line = unread[1..lineEnd];
        var headerBytes = lineEnd + 2;
        switch (unread[0])
        {
            case (byte)'+':
                element = new Reply(ReplyKind.Simple, line.ToArray());
                break;
            case (byte)'-':
                element = new Reply(ReplyKind.Error, line.ToArray());
                break;
            case (byte)':':
                element = new Reply(ReplyKind.Integer, line.ToArray());
                break;
            case (byte)'$':
                return TryReadBulk(unread, headerBytes, Length(line), out element);
            case (byte)'*':
                arrayLength = Length(line);
                element = arrayLength < 0 ? new Reply(ReplyKind.Null) : new Reply(ReplyKind.Array, Items: []);
                break;
            default:
                throw new InvalidDataException($"a reply that begins with byte 0x{unread[0]:x2}");
        }
        _start += headerBytes;
        return true;
    }

    private bool TryReadBulk(ReadOnlySpan<byte> unread, int headerBytes, int lengthBytes, out Reply element)
    {
        element = new Reply(ReplyKind.Null);
        if (lengthBytes < 0)
        {
            _start += headerBytes;
            return true;
        }
        var totalBytes = (long)headerBytes + lengthBytes + 2;
        if (totalBytes > Array.MaxLength)
            throw new InvalidDataException($"a value of {lengthBytes} bytes");
        if (unread.Length < totalBytes)
        {
            _wantedBytes = (int)totalBytes;
            return false;
        }
        _wantedBytes = 0;
        if (!unread[(headerBytes + lengthBytes)..].StartsWith("\r\n"u8))
            throw new InvalidDataException("a value longer than its length says");
        element = new Reply(ReplyKind.Bulk, unread.Slice(headerBytes, lengthBytes).ToArray());
        _start += (int)totalBytes;
        return true;
    }

    private static int Length(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out int length, out var consumed) && consumed == digits.Length && length >= -1
            ? length
            : throw new InvalidDataException("a length that is no number");
}
