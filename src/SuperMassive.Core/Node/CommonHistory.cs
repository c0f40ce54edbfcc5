using System.Text;
using SuperMassive.Core.Journal;

namespace SuperMassive.Core.Node;

/// <summary>Up to where a primary's journal and its replica's are the same bytes.</summary>
/// <remarks>
/// Every start of a primary opens an epoch with a random history id at the LSN to which it had recovered. Two journals that both
/// have an epoch are equal until the first of them left it.
/// </remarks>
internal static class CommonHistory
{
    /// <param name="mine">The primary's epochs, oldest first.</param>
    /// <param name="myEndLsn">Where the primary's journal ends.</param>
    /// <param name="theirs">The replica's last epochs as <c>history:startLsn,…</c>, oldest first.</param>
    /// <param name="theirEndLsn">Where the replica's journal ends.</param>
    /// <returns>The common LSN, 0 when there is no epoch in common.</returns>
    public static long Find(IReadOnlyList<EpochRecord> mine, long myEndLsn, ReadOnlySpan<byte> theirs, long theirEndLsn)
    {
        var named = Encoding.ASCII.GetString(theirs).Split(',', StringSplitOptions.RemoveEmptyEntries);
        var endLsn = theirEndLsn;
        for (var i = named.Length - 1; i >= 0; i--)
        {
            var colon = named[i].IndexOf(':');
            if (colon < 0 || !long.TryParse(named[i].AsSpan(colon + 1), out var startLsn))
                return 0;
            for (var j = mine.Count - 1; j >= 0; j--)
            {
                if (mine[j].History.ToString() == named[i][..colon])
                    return Math.Min(endLsn, j + 1 < mine.Count ? mine[j + 1].StartLsn : myEndLsn);
            }
            endLsn = startLsn;
        }
        return 0;
    }
}
