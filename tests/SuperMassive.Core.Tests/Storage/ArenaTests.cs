using CsCheck;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Tests.Storage;

public sealed unsafe class ArenaTests
{
    private static readonly Gen<int> Bytes = Gen.Frequency(
        (20, Gen.Int[1, 300]), (5, Gen.Int[300, 20_000]), (2, Gen.Int[20_000, 524_288]), (1, Gen.Int[524_289, 2_000_000]));

    [Fact]
    public void Never_gives_out_overlapping_blocks() =>
        Gen.Select(Bytes, Gen.Int[0, 3]).Array[1, 400].Sample(
            steps =>
            {
                using var arena = new Arena();
                var blocks = new List<(uint Reference, int Bytes, byte Mark)>();
                var used = 0L;
                foreach (var (bytes, choice) in steps)
                {
                    if (choice == 0 && blocks.Count > 0)
                    {
                        var at = bytes % blocks.Count;
                        used -= Release(arena, blocks[at]);
                        blocks.RemoveAt(at);
                        continue;
                    }
                    var reference = arena.Allocate(bytes);
                    Assert.NotEqual(0u, reference);
                    var mark = (byte)blocks.Count;
                    new Span<byte>(arena.Resolve(reference), (int)Arena.BlockBytes(bytes)).Fill(mark);
                    blocks.Add((reference, bytes, mark));
                    used += Arena.BlockBytes(bytes);
                    Assert.Equal(used, arena.UsedBytes);
                    Assert.InRange(arena.AllocatedBytes, used, long.MaxValue);
                }
                foreach (var block in blocks)
                    Release(arena, block);
                Assert.Equal(0, arena.UsedBytes);
                Assert.InRange(arena.AllocatedBytes, 0, Arena.ChunkBytes);
            },
            iter: 60);

    [Fact]
    public void Rounds_up_by_a_quarter_at_most() =>
        Gen.Int[1, Arena.ChunkBytes].Sample(bytes =>
        {
            var block = Arena.BlockBytes(bytes);
            Assert.InRange(block, bytes, Math.Max(bytes * 1.25, bytes + 15));
            Assert.Equal(block, Arena.BlockBytes((int)block));
        });

    [Fact]
    public void Reuses_what_was_freed()
    {
        using var arena = new Arena();
        var references = Enumerable.Range(0, 50_000).Select(_ => arena.Allocate(96)).ToArray();
        var allocated = arena.AllocatedBytes;
        foreach (var reference in references.Where((_, i) => i % 3 == 0))
            arena.Free(reference);
        for (var i = 0; i < references.Length / 3; i++)
            arena.Allocate(90);
        Assert.Equal(allocated, arena.AllocatedBytes);
    }

    private static long Release(Arena arena, (uint Reference, int Bytes, byte Mark) block)
    {
        var bytes = Arena.BlockBytes(block.Bytes);
        Assert.False(new ReadOnlySpan<byte>(arena.Resolve(block.Reference), (int)bytes).ContainsAnyExcept(block.Mark));
        arena.Free(block.Reference);
        return bytes;
    }
}
