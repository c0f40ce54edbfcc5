A primary takes one page more for common than its replica and it have.

file src/SuperMassive.Core/Node/CommonHistory.cs
replace
    mine[j + 1].StartLsn : myEndLsn
with
    Math.Min(mine[j + 1].StartLsn + Journal.Page.PageBytes, myEndLsn) : myEndLsn
end
