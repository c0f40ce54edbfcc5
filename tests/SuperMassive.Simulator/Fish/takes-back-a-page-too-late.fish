What a primary lost is taken back from its replica from the page after the common point on.

file src/SuperMassive.Core/Node/ReplicaFeed.cs
replace
    _salvage = new JournalReader(commonLsn == 0 ? null : _node.Journal.Id, fromLsn
with
    fromLsn += commonLsn == 0 ? 0 : Page.PageBytes;
    _salvage = new JournalReader(commonLsn == 0 ? null : _node.Journal.Id, fromLsn
end
