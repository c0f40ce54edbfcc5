using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using SuperMassive.Core;
using SuperMassive.Core.Journal;
using SuperMassive.Core.Protocol;
using SuperMassive.Server.Loop;
using SuperMassive.Server.Loop.Sockets;

namespace SuperMassive.Server.Journal.Repair;

/// <summary>Nothing listens there yet, or does not answer.</summary>
internal sealed class ReplicaUnreachableException(string message, Exception cause) : IOException(message, cause);

/// <param name="CheckpointLsn">The LSN of the checkpoint that the bytes are from.</param>
/// <param name="TotalBytes">Its length; 0 when there is none.</param>
internal sealed record CheckpointPart(long CheckpointLsn, long TotalBytes, byte[] Bytes);

/// <summary>
/// A replica's copy of the journal, read over the wire as its primary may read it: NAUTH, STARTSYNC, SURPLUS. Every call blocks; a
/// primary that starts has nothing else to do.
/// </summary>
internal sealed class ReplicaJournal : IDisposable
{
    /// <summary>What a replica sends at most in answer to one SURPLUS.</summary>
    private const int MaxRangeBytes = 256 << 10;

    /// <summary>A replica that is started together with its primary may need a moment.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static readonly byte[] Role = "primary"u8.ToArray();

    private readonly Stream _stream;
    private byte[] _received = new byte[16 << 10];
    private int _start;
    private int _end;

    private ReplicaJournal(string address, Stream stream)
    {
        Address = address;
        _stream = stream;
    }

    public string Address { get; }

    /// <summary>Which journal it holds; null when it holds nothing.</summary>
    public JournalId? Id { get; private set; }

    /// <summary>Up to where.</summary>
    public long EndLsn { get; private set; }

    /// <exception cref="ReplicaUnreachableException"/>
    /// <exception cref="IOException">See <see cref="Connect"/>.</exception>
    public static ReplicaJournal ConnectPatiently(PeerAddress peer, byte[] sharedKey)
    {
        using var waiting = new ManualResetEventSlim();
        for (var tried = TimeSpan.Zero; ; tried += Pause)
        {
            try
            {
                return Connect(peer, sharedKey);
            }
            catch (ReplicaUnreachableException) when (tried < Patience)
            {
                waiting.Wait(Pause);
            }
        }
    }

    /// <exception cref="ReplicaUnreachableException"/>
    /// <exception cref="IOException">It does not know the shared key, or does not speak this protocol; in words.</exception>
    public static ReplicaJournal Connect(PeerAddress peer, byte[] sharedKey)
    {
        ReplicaJournal? journal = null;
        try
        {
            using var limit = new CancellationTokenSource(peer.ConnectTimeoutMs);
            var stream = StreamConnector.OpenAsync(peer, limit.Token).GetAwaiter().GetResult().Stream;
            stream.ReadTimeout = peer.ReadTimeoutMs;
            stream.WriteTimeout = peer.WriteTimeoutMs;
            journal = new ReplicaJournal(peer.Address, stream);
            journal.Authenticate(sharedKey);
            journal.StartSync();
            return journal;
        }
        catch (Exception e) when (e is ConnectException or OperationCanceledException or SocketException or IOException)
        {
            journal?.Dispose();
            throw e switch
            {
                OperationCanceledException => new ReplicaUnreachableException("connect timeout", e),
                ConnectException when journal is null => new ReplicaUnreachableException(e.Message, e),
                _ => new IOException(e.Message, e),
            };
        }
    }

    /// <returns>What it has of the range: less at the end of its journal, nothing of what it has dropped.</returns>
    /// <exception cref="IOException"/>
    public byte[] Read(long lsn, long count)
    {
        var bytes = new byte[count];
        var done = 0;
        while (done < bytes.Length)
        {
            Send("SURPLUS"u8, Number(lsn + done), Number(Math.Min(MaxRangeBytes, bytes.Length - done)));
            var part = Receive((ref RespCursor reply) => reply.TryBulk(out var found, out _) ? found.ToArray() : null);
            if (part.Length == 0)
                break;
            part.AsSpan(0, Math.Min(part.Length, bytes.Length - done)).CopyTo(bytes.AsSpan(done));
            done += Math.Min(part.Length, bytes.Length - done);
        }
        return bytes[..done];
    }

    /// <returns>What its newest checkpoint holds from there on; another one may have been installed since the last call.</returns>
    /// <exception cref="IOException"/>
    public CheckpointPart ReadCheckpoint(long offset)
    {
        Send("SURPLUS"u8, Number(offset), Number(MaxRangeBytes), "CHECKPOINT"u8.ToArray());
        return Receive((ref RespCursor reply) =>
            reply.TryArray(out var count) && count == 4 && reply.TryInteger(out _) && reply.TryInteger(out var lsn)
            && reply.TryInteger(out var totalBytes) && reply.TryBulk(out var bytes, out _)
                ? new CheckpointPart(lsn, totalBytes, bytes.ToArray()) : null);
    }

    public void Dispose() => _stream.Dispose();

    private void Authenticate(byte[] sharedKey)
    {
        Span<byte> mine = stackalloc byte[PeerProof.NonceBytes];
        RandomNumberGenerator.Fill(mine);
        Send("NAUTH"u8, Role, Hex(mine));
        var challenge = Receive((ref RespCursor reply) =>
            reply.TryArray(out var count) && count == 2 && reply.TryBulk(out var nonce, out _) && reply.TryBulk(out var proof, out _)
                ? new[] { nonce.ToArray(), proof.ToArray() } : null);
        Span<byte> theirs = stackalloc byte[PeerProof.NonceBytes];
        Span<byte> proof = stackalloc byte[PeerProof.ProofBytes];
        if (!PeerProof.TryReadHex(challenge[0], theirs) || !PeerProof.TryReadHex(challenge[1], proof))
            throw new IOException("it does not speak this protocol");
        if (!PeerProof.Verify(sharedKey, PeerProof.Acceptor, Role, mine, theirs, proof))
            throw new IOException("it does not know the shared key");
        PeerProof.Compute(sharedKey, PeerProof.Dialer, Role, mine, theirs, proof);
        Send("NAUTH"u8, Hex(proof));
        Receive((ref RespCursor reply) => reply.TryLine('+', out _) ? this : null);
    }

    /// <summary>Which makes the replica wait for its primary, as it does anyway.</summary>
    private void StartSync()
    {
        Send("STARTSYNC"u8, Encoding.ASCII.GetBytes(default(HistoryId).ToString()), Number(0));
        var answer = Receive(ReadSyncFrom);
        EndLsn = answer.EndLsn;
        Id = answer.Id;
    }

    private static SyncFrom? ReadSyncFrom(ref RespCursor reply)
    {
        if (!reply.TryArray(out var count) || count < 2 || !reply.TryBulk(out var word, out _) || !word.SequenceEqual("SYNCFROM"u8)
            || !reply.TryBulk(out _, out _))
            return null;
        if (count == 2)
            return new SyncFrom(null, 0);
        if (count < 5 || !reply.TryBulk(out _, out _) || !reply.TryBulk(out var lsnText, out _) || !reply.TryBulk(out var idText, out _))
            return null;
        for (var i = 5; i < count; i++)
        {
            if (!reply.TryBulk(out _, out _))
                return null;
        }
        return RespCursor.TryParse(lsnText, out long lsn) && JournalId.TryParse(Encoding.ASCII.GetString(idText), out var id)
            ? new SyncFrom(id, lsn) : null;
    }

    private void Send(ReadOnlySpan<byte> verb, params ReadOnlySpan<byte[]> words)
    {
        using var message = new MemoryStream();
        message.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"*{words.Length + 1}\r\n")));
        Bulk(message, verb);
        foreach (var word in words)
            Bulk(message, word);
        _stream.Write(message.GetBuffer().AsSpan(0, (int)message.Length));
        _stream.Flush();
    }

    private static void Bulk(MemoryStream message, ReadOnlySpan<byte> bytes)
    {
        message.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"${bytes.Length}\r\n")));
        message.Write(bytes);
        message.Write("\r\n"u8);
    }

    /// <summary>Reads until a whole reply is there.</summary>
    private T Receive<T>(ReplyParser<T> parse) where T : class
    {
        while (true)
        {
            var reply = new RespCursor(_received.AsSpan(_start, _end - _start), 2 * MaxRangeBytes + (1 << 20));
            if (reply.PeekType() == '-' && reply.TryLine('-', out var error))
                throw new IOException($"it answers: {Encoding.ASCII.GetString(error)}");
            var parsed = reply.PeekType() == '-' ? null : parse(ref reply);
            if (parsed is not null && reply.Status == RespStatus.Ok)
            {
                _start += reply.Consumed;
                return parsed;
            }
            if (reply.Status != RespStatus.Incomplete)
                throw new IOException("it does not speak this protocol");
            ReceiveMore();
        }
    }

    private void ReceiveMore()
    {
        _received.AsSpan(_start, _end - _start).CopyTo(_received);
        _end -= _start;
        _start = 0;
        if (_end == _received.Length)
            Array.Resize(ref _received, _received.Length * 2);
        var count = _stream.Read(_received.AsSpan(_end));
        if (count == 0)
            throw new IOException("it closed the connection");
        _end += count;
    }

    private static byte[] Number(long value) => Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));

    private static byte[] Hex(ReadOnlySpan<byte> bytes32)
    {
        var hex = new byte[PeerProof.HexBytes];
        PeerProof.WriteHex(bytes32, hex);
        return hex;
    }

    private delegate T? ReplyParser<T>(ref RespCursor reply);

    private sealed record SyncFrom(JournalId? Id, long EndLsn);
}
