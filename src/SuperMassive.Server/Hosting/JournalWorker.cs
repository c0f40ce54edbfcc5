using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using SuperMassive.Server.Journal;

namespace SuperMassive.Server.Hosting;

/// <summary>
/// The thread on which a node's journal blocks: every fsync, and in <c>async</c> mode the writes. One thread, so that an fsync
/// covers exactly the writes that were queued before it.
/// </summary>
internal sealed class JournalWorker : IDisposable
{
    /// <summary>What may wait to be written behind; a writer that is this far ahead waits for the disk.</summary>
    private const long MaxQueuedBytes = 64 << 20;

    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;
    private readonly long _maxQueuedBytes;
    private readonly object _room = new();
    private long _queuedBytes;

    public JournalWorker(string name, long maxQueuedBytes = MaxQueuedBytes)
    {
        _maxQueuedBytes = maxQueuedBytes;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Takes the seconds of every fsync. Set before the first.</summary>
    public Histogram<double>? SyncDuration { get; set; }

    /// <summary>Bytes that wait to be written behind.</summary>
    public long QueuedBytes => Interlocked.Read(ref _queuedBytes);

    public void Sync(PageFile file, Action<long> synced, Action<string> failed) => _work.Add(() =>
    {
        var lsn = file.Length;
        try
        {
            var begun = Stopwatch.GetTimestamp();
            file.Sync();
            SyncDuration?.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds);
            synced(lsn);
        }
        catch (IOException e)
        {
            failed(e.Message);
        }
    });

    /// <summary>Queues a write. Blocks while there is no room for it.</summary>
    public void Write(PageFile file, long lsn, byte[] bytes, Action<long> written, Action<string> failed)
    {
        TakeRoom(bytes.Length);
        _work.Add(() =>
        {
            try
            {
                file.Write(lsn, bytes);
                written(lsn + bytes.Length);
            }
            catch (IOException e)
            {
                failed(e.Message);
            }
            finally
            {
                GiveRoom(bytes.Length);
            }
        });
    }

    /// <summary>Finishes what is queued.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void TakeRoom(int bytes)
    {
        lock (_room)
        {
            // more than all the room there is goes alone
            while (_queuedBytes > 0 && _queuedBytes + bytes > _maxQueuedBytes)
                Monitor.Wait(_room);
            _queuedBytes += bytes;
        }
    }

    private void GiveRoom(int bytes)
    {
        lock (_room)
        {
            _queuedBytes -= bytes;
            Monitor.PulseAll(_room);
        }
    }

    private void Run()
    {
        foreach (var action in _work.GetConsumingEnumerable())
            action();
    }
}
