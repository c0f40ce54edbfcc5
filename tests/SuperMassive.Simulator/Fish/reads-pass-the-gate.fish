What a batch answers that wrote nothing is sent at once, although it shows what is not on the disk.

file src/SuperMassive.Core/Node/NodeJournal.cs
replace
    session.IsJoined ? ShownLsn : 0
with
    session.IsJoined && _writer.EndLsn > WrittenLsn ? ShownLsn : 0
end
