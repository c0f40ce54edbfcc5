using CsCheck;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Tests.Storage;

public sealed class TombstoneQueueTests
{
    private const int BlockBytes = 128 << 10;

    [Fact]
    public void Gives_back_in_order_of_version() =>
        Gen.Select(Gen.Int[0, 50_000], Gen.Int[0, 2]).Array[1, 300].Sample(
            steps =>
            {
                var queue = new TombstoneQueue();
                var model = new PriorityQueue<ulong, ulong>();
                foreach (var (version, choice) in steps)
                {
                    if (choice == 0 && model.TryDequeue(out var oldest, out _))
                    {
                        AssertFirst(queue, oldest);
                        queue.Dequeue();
                    }
                    else
                    {
                        queue.Enqueue(new Version((ulong)version), HashOf((ulong)version));
                        model.Enqueue((ulong)version, (ulong)version);
                    }
                    Assert.Equal(model.Count, queue.Count);
                }
                while (model.TryDequeue(out var oldest, out _))
                {
                    AssertFirst(queue, oldest);
                    queue.Dequeue();
                }
                Assert.False(queue.TryPeek(out _, out _));
            },
            iter: 200);

    [Fact]
    public void Grows_and_shrinks_by_blocks()
    {
        var queue = new TombstoneQueue();
        for (var i = 100_000UL; i > 0; i--)
            queue.Enqueue(new Version(i), HashOf(i));
        Assert.Equal(13 * BlockBytes, queue.AllocatedBytes);
        for (var i = 1UL; i <= 100_000; i++)
        {
            AssertFirst(queue, i);
            queue.Dequeue();
        }
        Assert.InRange(queue.AllocatedBytes, 0, 2 * BlockBytes);
    }

    [Fact]
    public void Allocates_nothing_in_a_steady_flow()
    {
        var queue = new TombstoneQueue();
        Flow();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Flow();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Flow()
        {
            for (var number = 0UL; number < 100_000; number++)
            {
                queue.Enqueue(new Version(number), HashOf(number));
                if (queue.Count > 8_191)
                    queue.Dequeue();
            }
        }
    }

    [Fact]
    public void Is_empty_after_clear()
    {
        var queue = new TombstoneQueue();
        queue.Enqueue(new Version(1), 5);
        queue.Clear();
        Assert.Equal(0, queue.Count);
        Assert.False(queue.TryPeek(out _, out _));
        Assert.Throws<InvalidOperationException>(queue.Dequeue);
        queue.Enqueue(new Version(2), HashOf(2));
        AssertFirst(queue, 2);
    }

    private static ulong HashOf(ulong version) => version * 0x9E3779B97F4A7C15;

    private static void AssertFirst(TombstoneQueue queue, ulong expected)
    {
        Assert.True(queue.TryPeek(out var version, out var hash));
        Assert.Equal((new Version(expected), HashOf(expected)), (version, hash));
    }
}
