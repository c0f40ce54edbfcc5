using System.Globalization;
using System.Text;

namespace SuperMassive.Client.Tests.Support;

/// <summary>One accepted connection: commands in, scripted bytes out.</summary>
internal sealed class PeerConnection(Stream stream) : IAsyncDisposable
{
    private readonly byte[] _one = new byte[1];
    private readonly BufferedStream _input = new(stream);

    /// <summary>The next command in RESP framing, its verb first.</summary>
    public async Task<string[]> ReadCommandAsync()
    {
        var parts = new string[await ReadLengthAsync('*')];
        for (var i = 0; i < parts.Length; i++)
        {
            var bytes = new byte[await ReadLengthAsync('$')];
            await _input.ReadExactlyAsync(bytes).AsTask().Soon();
            Assert.Equal("", await ReadLineAsync());
            parts[i] = Encoding.UTF8.GetString(bytes);
        }
        return parts;
    }

    /// <summary>The next line, which must end with CRLF.</summary>
    public async Task<string> ReadLineAsync()
    {
        var line = new List<byte>();
        while (await _input.ReadAsync(_one).AsTask().Soon() > 0)
        {
            line.Add(_one[0]);
            if (line is [.., (byte)'\r', (byte)'\n'])
                return Encoding.UTF8.GetString([.. line[..^2]]);
        }
        throw new EndOfStreamException($"the client closed after '{Encoding.UTF8.GetString([.. line])}'");
    }

    /// <summary>True when the client has closed its end and sent nothing more.</summary>
    public async Task<bool> IsClosedByClientAsync()
    {
        try
        {
            return await _input.ReadAsync(_one).AsTask().Soon() == 0;
        }
        catch (IOException)
        {
            return true; // closed with a reset
        }
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await stream.WriteAsync(bytes);
        await stream.FlushAsync();
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async Task<int> ReadLengthAsync(char type)
    {
        var line = await ReadLineAsync();
        Assert.Equal(type, line[0]);
        return int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
    }
}
