using SuperMassive.Server.Hosting;
using SuperMassive.Server.Journal;
using SuperMassive.Server.Tests.Journal;

namespace SuperMassive.Server.Tests.Hosting;

public sealed class JournalWorkerTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly JournalFolder _folder = new();
    private readonly JournalFiles _file;
    private readonly ManualResetEventSlim _disk = new();

    public JournalWorkerTests() => _file = _folder.OpenRecovered();

    public void Dispose()
    {
        _disk.Set();
        _file.Dispose();
        _folder.Dispose();
        _disk.Dispose();
    }

    [Fact]
    public void A_full_queue_blocks_the_writer_until_there_is_room()
    {
        using (var worker = new JournalWorker("journal", maxQueuedBytes: 100))
        {
            HoldUp(worker);
            worker.Write(_file, 0, new byte[60], static _ => { }, Fail);
            worker.Write(_file, 60, new byte[40], static _ => { }, Fail);
            var third = new Thread(() => worker.Write(_file, 100, new byte[1], static _ => { }, Fail));
            third.Start();
            Assert.True(
                SpinWait.SpinUntil(() => third.ThreadState == ThreadState.WaitSleepJoin, Deadline), "the writer waits, and does not spin");

            _disk.Set();

            Assert.True(third.Join(Deadline));
        }
        Assert.Equal(101, _file.EndLsn);
    }

    [Fact]
    public void What_is_over_the_whole_queue_is_written_alone()
    {
        using (var worker = new JournalWorker("journal", maxQueuedBytes: 100))
        {
            HoldUp(worker);
            worker.Write(_file, 0, new byte[500], static _ => { }, Fail);
            var second = new Thread(() => worker.Write(_file, 500, new byte[500], static _ => { }, Fail));
            second.Start();
            Assert.True(SpinWait.SpinUntil(() => second.ThreadState == ThreadState.WaitSleepJoin, Deadline));

            _disk.Set();

            Assert.True(second.Join(Deadline));
        }
        Assert.Equal(1_000, _file.EndLsn);
    }

    /// <summary>As a disk would that takes long for an fsync.</summary>
    private void HoldUp(JournalWorker worker) => worker.Sync(_file, long.MaxValue, _ => _disk.Wait(Deadline), Fail);

    private static void Fail(string why) => Assert.Fail(why);
}
