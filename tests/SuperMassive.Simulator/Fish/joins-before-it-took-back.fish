A node lets a cluster in before its replicas were asked for what it lost.

file src/SuperMassive.Core/Node/NodeJoins.cs
replace
    if (node.Feeds.Any(feed => !feed.HasSettled))
with
    if (node.Feeds.Any(feed => !feed.HasSettled && feed.AckedLsn < 0))
end
