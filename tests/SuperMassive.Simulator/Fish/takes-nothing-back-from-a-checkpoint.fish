A primary that lost its disk takes back its replica's journal, but not the checkpoint before it.

file src/SuperMassive.Core/Node/Replication/SurplusTaking.cs
replace
    (in Record record, long _) => Salvage(record)
with
    (in Record record, long _) => { }
end
