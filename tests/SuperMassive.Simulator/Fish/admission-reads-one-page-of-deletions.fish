A node that joins learns the first page of each primary's deletions only.

file src/SuperMassive.Core/Cluster/Admission.cs
replace
    if (reply.NextCursor == 0) _sources.RemoveAt(0); Ask(reply.NextCursor);
with
    _sources.RemoveAt(0);
    Ask(0);
end
