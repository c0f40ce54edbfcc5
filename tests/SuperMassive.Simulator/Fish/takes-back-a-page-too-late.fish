What a primary lost is taken back from its replica from the page after the common point on.

file src/SuperMassive.Core/Node/Replication/SurplusTaking.cs
replace
    if (endLsn > _commonLsn)
        Salvage(record);
with
    if (endLsn > (_commonLsn == 0 ? 0 : StartLsn + Page.PageBytes))
        Salvage(record);
end
