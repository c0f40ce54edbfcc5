using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using SuperMassive.Server.Journal;

namespace SuperMassive.Server.Hosting;

/// <summary>
/// A thread on which a node's files block. The journal's: every fsync, and in <c>async</c> mode the writes. One thread, so that an
/// fsync covers exactly the writes that were queued before it.
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

    /// <param name="wholeLsn"><see cref="JournalFiles.Sync"/></param>
    public void Sync(JournalFiles files, long wholeLsn, Action<long> synced, Action<string> failed) => _work.Add(() =>
    {
        try
        {
            var begun = Stopwatch.GetTimestamp();
            var lsn = files.Sync(wholeLsn);
            SyncDuration?.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds);
            synced(lsn);
        }
        catch (IOException e)
        {
            failed(e.Message);
        }
    });

    /// <summary>Queues a write. Blocks while there is no room for it.</summary>
    public void Write(JournalFiles files, long lsn, byte[] bytes, Action<long> written, Action<string> failed)
    {
        TakeRoom(bytes.Length);
        _work.Add(() =>
        {
            try
            {
                files.Write(lsn, bytes);
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

    /// <summary>Queues work that handles its own failures.</summary>
    public void Run(Action work) => _work.Add(work);

    /// <summary>Returns when it and all before it is done.</summary>
    public void RunAndWait(Action work)
    {
        using var done = new ManualResetEventSlim();
        _work.Add(() =>
        {
            work();
            done.Set();
        });
        done.Wait();
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
        foreach (var work in _work.GetConsumingEnumerable())
            work();
    }
}
