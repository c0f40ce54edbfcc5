What a batch answers that wrote nothing is sent at once, although it shows what is not on the disk.

file src/SuperMassive.Core/Node/NodeJournal.cs
replace
    session.IsJoined ? _writer.EndLsn : 0
with
    session.IsJoined && _writer.EndLsn > WrittenLsn ? _writer.EndLsn : 0
end
