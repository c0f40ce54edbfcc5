using System.Globalization;
using System.Text;

namespace SuperMassive.Client;

/// <summary>
/// A connection to a cluster that many callers share: commands issued concurrently leave in one send, replies are matched in order.
/// A lost connection fails what was in flight and is replaced in the background; commands issued meanwhile wait for the new one.
/// Every method may throw <see cref="SuperMassiveServerException"/>, <see cref="SuperMassiveConnectionException"/>,
/// <see cref="SuperMassiveTimeoutException"/> and <see cref="OperationCanceledException"/>. A cancelled write that was sent
/// already may still happen. Strings are UTF-8. Memory passed in may be reused once the returned task has completed.
/// </summary>
public sealed class SuperMassiveClient : IAsyncDisposable
{
    private readonly Reconnector _connection;

    private SuperMassiveClient(Reconnector connection) => _connection = connection;

    /// <summary>False between a loss and the next connection.</summary>
    public bool IsConnected => _connection.IsConnected;

    /// <summary>Connects and authenticates once; it does not retry, so that a wrong address or password shows at once.</summary>
    public static async ValueTask<SuperMassiveClient> ConnectAsync(
        SuperMassiveClientOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ConnectTimeout, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CommandTimeout, TimeSpan.FromMilliseconds(8));
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxReconnectBackoff.Ticks);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxInFlight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxUnsentBytes);
        return new SuperMassiveClient(await Reconnector.StartAsync(options, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Writes a value; the pair is readable when the task completes.</summary>
    public async ValueTask PutAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default)
    {
        var reply = await _connection.ExecuteAsync(new Request(Verb.Put, key, value), cancellationToken).ConfigureAwait(false);
        Expect(reply, Verb.Put, ReplyKind.Simple);
    }

    /// <inheritdoc cref="PutAsync(ReadOnlyMemory{byte}, ReadOnlyMemory{byte}, CancellationToken)"/>
    public ValueTask PutAsync(string key, string value, CancellationToken cancellationToken = default) =>
        PutAsync(Utf8(key), Utf8(value), cancellationToken);

    /// <returns>The value, or null when there is none.</returns>
    public async ValueTask<byte[]?> GetAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default)
    {
        var reply = await _connection.ExecuteAsync(new Request(Verb.Get, key), cancellationToken).ConfigureAwait(false);
        if (IsError(reply, "ERR key-value not found"u8))
            return null;
        Expect(reply, Verb.Get, ReplyKind.Bulk, ReplyKind.Null);
        return reply.Bytes;
    }

    /// <returns>The value as UTF-8 text, or null when there is none.</returns>
    public async ValueTask<string?> GetAsync(string key, CancellationToken cancellationToken = default) =>
        await GetAsync(Utf8(key), cancellationToken).ConfigureAwait(false) is { } value ? Encoding.UTF8.GetString(value) : null;

    /// <returns>False when there was nothing to delete.</returns>
    public async ValueTask<bool> DeleteAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default)
    {
        var reply = await _connection.ExecuteAsync(new Request(Verb.Del, key), cancellationToken).ConfigureAwait(false);
        if (IsError(reply, "ERR key-value not found"u8))
            return false;
        Expect(reply, Verb.Del, ReplyKind.Integer);
        return reply.Bytes is not [(byte)'0'];
    }

    /// <inheritdoc cref="DeleteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public ValueTask<bool> DeleteAsync(string key, CancellationToken cancellationToken = default) =>
        DeleteAsync(Utf8(key), cancellationToken);

    /// <summary>Adds to a number, atomically. A missing key is a <see cref="SuperMassiveServerException"/>.</summary>
    /// <param name="amount">A signed 64-bit integer or an exact decimal, as text.</param>
    /// <returns>The new number as the cluster writes it: <c>12</c>, or <c>2.6</c>.</returns>
    public ValueTask<string> IncrementAsync(ReadOnlyMemory<byte> key, string amount, CancellationToken cancellationToken = default) =>
        AddAsync(Verb.Incr, key, amount, cancellationToken);

    /// <inheritdoc cref="IncrementAsync(ReadOnlyMemory{byte}, string, CancellationToken)"/>
    public ValueTask<string> IncrementAsync(string key, string amount, CancellationToken cancellationToken = default) =>
        AddAsync(Verb.Incr, Utf8(key), amount, cancellationToken);

    /// <inheritdoc cref="IncrementAsync(ReadOnlyMemory{byte}, string, CancellationToken)"/>
    public ValueTask<string> IncrementAsync(string key, long amount = 1, CancellationToken cancellationToken = default) =>
        AddAsync(Verb.Incr, Utf8(key), amount.ToString(CultureInfo.InvariantCulture), cancellationToken);

    /// <inheritdoc cref="IncrementAsync(ReadOnlyMemory{byte}, string, CancellationToken)"/>
    public ValueTask<string> IncrementAsync(string key, decimal amount, CancellationToken cancellationToken = default) =>
        AddAsync(Verb.Incr, Utf8(key), amount.ToString(CultureInfo.InvariantCulture), cancellationToken);

    /// <summary>Subtracts from a number, atomically. A missing key is a <see cref="SuperMassiveServerException"/>.</summary>
    /// <inheritdoc cref="IncrementAsync(ReadOnlyMemory{byte}, string, CancellationToken)"/>
    public ValueTask<string> DecrementAsync(ReadOnlyMemory<byte> key, string amount, CancellationToken cancellationToken = default) =>
        AddAsync(Verb.Decr, key, amount, cancellationToken);

    /// <inheritdoc cref="DecrementAsync(ReadOnlyMemory{byte}, string, CancellationToken)"/>
    public ValueTask<string> DecrementAsync(string key, string amount, CancellationToken cancellationToken = default) =>
        AddAsync(Verb.Decr, Utf8(key), amount, cancellationToken);

    /// <inheritdoc cref="DecrementAsync(ReadOnlyMemory{byte}, string, CancellationToken)"/>
    public ValueTask<string> DecrementAsync(string key, long amount = 1, CancellationToken cancellationToken = default) =>
        AddAsync(Verb.Decr, Utf8(key), amount.ToString(CultureInfo.InvariantCulture), cancellationToken);

    /// <inheritdoc cref="DecrementAsync(ReadOnlyMemory{byte}, string, CancellationToken)"/>
    public ValueTask<string> DecrementAsync(string key, decimal amount, CancellationToken cancellationToken = default) =>
        AddAsync(Verb.Decr, Utf8(key), amount.ToString(CultureInfo.InvariantCulture), cancellationToken);

    /// <summary>Finds the keys that match a regular expression, in ordinal order. Not a snapshot.</summary>
    /// <param name="offset">Pairs to leave out at the beginning.</param>
    /// <param name="limit">Pairs to return at most.</param>
    public async ValueTask<IReadOnlyList<KeyValue>> ScanAsync(
        string pattern, int offset = 0, int limit = int.MaxValue, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        var request = offset == 0 && limit == int.MaxValue
            ? new Request(Verb.Regx, Utf8(pattern))
            : new Request(Verb.Regx, Utf8(pattern), Decimal(offset), Decimal(limit));
        var reply = await _connection.ExecuteAsync(request, cancellationToken).ConfigureAwait(false);
        if (IsError(reply, "ERR no keys found"u8))
            return [];
        Expect(reply, Verb.Regx, ReplyKind.Array);
        return Pairs(reply.Items!);
    }

    /// <summary>The statistics of cluster, primaries and replicas as text, in the form protocol.md describes.</summary>
    public async ValueTask<string> StatAsync(CancellationToken cancellationToken = default)
    {
        var reply = await _connection.ExecuteAsync(new Request(Verb.Stat), cancellationToken).ConfigureAwait(false);
        Expect(reply, Verb.Stat, ReplyKind.Bulk);
        return reply.Text;
    }

    /// <summary><see cref="StatAsync"/>, parsed.</summary>
    public async ValueTask<ClusterStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default) =>
        ClusterStatistics.Parse(await StatAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>Makes every process of the cluster read its configuration anew; on an error nothing is changed anywhere.</summary>
    public async ValueTask ReloadAsync(CancellationToken cancellationToken = default)
    {
        var reply = await _connection.ExecuteAsync(new Request(Verb.Rcnf), cancellationToken).ConfigureAwait(false);
        Expect(reply, Verb.Rcnf, ReplyKind.Simple);
    }

    /// <summary>One round trip to the cluster process.</summary>
    public async ValueTask PingAsync(CancellationToken cancellationToken = default)
    {
        var reply = await _connection.ExecuteAsync(new Request(Verb.Ping), cancellationToken).ConfigureAwait(false);
        Expect(reply, Verb.Ping, ReplyKind.Simple);
    }

    /// <summary>Closes the connection; what is in flight fails with <see cref="SuperMassiveConnectionException"/>.</summary>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async ValueTask<string> AddAsync(Verb verb, ReadOnlyMemory<byte> key, string amount, CancellationToken cancellationToken)
    {
        var reply = await _connection.ExecuteAsync(new Request(verb, key, Utf8(amount)), cancellationToken).ConfigureAwait(false);
        Expect(reply, verb, ReplyKind.Integer, ReplyKind.Bulk);
        return reply.Text;
    }

    private static KeyValue[] Pairs(Reply[] items)
    {
        if (items.Length % 2 != 0)
            throw new SuperMassiveConnectionException($"REGX: the cluster sent {items.Length} items, expected keys and values in pairs");
        var pairs = new KeyValue[items.Length / 2];
        for (var i = 0; i < pairs.Length; i++)
            pairs[i] = new KeyValue(items[2 * i].Bytes ?? [], items[2 * i + 1].Bytes ?? []);
        return pairs;
    }

    private static void Expect(in Reply reply, Verb verb, ReplyKind kind, ReplyKind? otherKind = null)
    {
        if (reply.Kind == kind || reply.Kind == otherKind)
            return;
        if (reply.Kind == ReplyKind.Error)
            throw new SuperMassiveServerException(reply.Text);
        throw new SuperMassiveConnectionException($"{verb.Name}: the cluster sent a reply of an unexpected kind, {reply.Kind}");
    }

    private static bool IsError(in Reply reply, ReadOnlySpan<byte> message) =>
        reply.Kind == ReplyKind.Error && reply.Bytes.AsSpan().SequenceEqual(message);

    private static byte[] Utf8(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Encoding.UTF8.GetBytes(text);
    }

    private static byte[] Decimal(int number) => Utf8(number.ToString(CultureInfo.InvariantCulture));
}
