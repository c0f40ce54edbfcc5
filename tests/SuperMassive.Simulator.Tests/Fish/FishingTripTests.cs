using SuperMassive.Simulator.Fish;
using Xunit.Abstractions;

namespace SuperMassive.Simulator.Tests.Fish;

/// <summary>The net catches fish: the bugs that every change must leave findable. The whole list belongs to the console.</summary>
public sealed class FishingTripTests(ITestOutputHelper output)
{
    private static readonly string[] Bugs =
    [
        "admission-reads-one-page-of-deletions",
        "ceiling-not-persisted",
        "checkpoint-leaves-deletions-out",
        "del-skips-a-node-that-is-down",
        "digests-keep-what-is-dropped",
        "drop-before-durable",
        "drop-not-conditional",
        "failed-fsync-is-tried-again",
        "hint-from-a-gather-that-missed-someone",
        "incr-beside-a-put",
        "incr-journals-its-delta",
        "lower-epoch-accepted",
        "nobody-sweeps",
        "overwrite-keeps-the-old-version",
        "rcnf-applies-though-one-is-invalid",
        "reads-pass-the-gate",
        "recovery-stamps-new-versions",
        "replica-applies-out-of-order",
        "replies-matched-after-a-timeout",
        "stale-session-accepted",
        "sync-off-by-one-page",
        "tombstone-not-kept-without-the-key",
    ];

    [Fact]
    public void Each_of_these_bugs_is_found_within_a_thousand_seeds()
    {
        var text = new StringWriter();
        var exitCode = new FishingTrip(new FishOptions { Only = Bugs }, text).Run();
        output.WriteLine(text.ToString());
        Assert.True(exitCode == 0, text.ToString());
        Assert.Contains($"killed {Bugs.Length} of {Bugs.Length}, median seeds to find ", text.ToString());
    }
}
