using CsCheck;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Tests.Storage;

public sealed class TombstoneQueueTests
{
    [Fact]
    public void Gives_back_in_order_of_arrival() =>
        Gen.Select(Gen.Int[1, 70_000], Gen.Int[0, 2]).Array[1, 300].Sample(
            steps =>
            {
                var queue = new TombstoneQueue();
                var model = new Queue<(Version Version, byte[] Key)>();
                var version = Version.None;
                foreach (var (bytes, choice) in steps)
                {
                    if (choice == 0 && model.TryDequeue(out var oldest))
                    {
                        AssertFirst(queue, oldest);
                        queue.Dequeue();
                    }
                    else
                    {
                        version = version.Next;
                        var key = new byte[Math.Min(choice == 1 ? bytes : bytes % 50 + 1, HashTable.MaxKeyBytes)];
                        key.AsSpan().Fill((byte)bytes);
                        queue.Enqueue(version, key);
                        model.Enqueue((version, key));
                    }
                    Assert.Equal(model.Count, queue.Count);
                }
                while (model.TryDequeue(out var oldest))
                {
                    AssertFirst(queue, oldest);
                    queue.Dequeue();
                }
                Assert.False(queue.TryPeek(out _, out _));
                Assert.InRange(queue.AllocatedBytes, 0, 128 << 10);
            },
            iter: 50);

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
            for (var number = 0; number < 100_000; number++)
            {
                queue.Enqueue(new Version((ulong)number), "a key of thirty bytes or so...."u8);
                if (queue.Count > 1_000)
                    queue.Dequeue();
            }
        }
    }

    [Fact]
    public void Is_empty_after_clear()
    {
        var queue = new TombstoneQueue();
        queue.Enqueue(new Version(1), "a"u8);
        queue.Clear();
        Assert.Equal(0, queue.Count);
        Assert.False(queue.TryPeek(out _, out _));
        Assert.Throws<InvalidOperationException>(queue.Dequeue);
        queue.Enqueue(new Version(2), "b"u8);
        AssertFirst(queue, (new Version(2), "b"u8.ToArray()));
    }

    private static void AssertFirst(TombstoneQueue queue, (Version Version, byte[] Key) expected)
    {
        Assert.True(queue.TryPeek(out var version, out var key));
        Assert.Equal(expected.Version, version);
        Assert.True(key.SequenceEqual(expected.Key));
    }
}
