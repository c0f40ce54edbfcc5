The answer to a question of an admission that was given up counts for the one that came after it.

file src/SuperMassive.Core/Cluster/ReplyRouter.cs
replace
    request.Admission!.Listed(link, reply);
with
    core.Members.CurrentAdmission?.Listed(link, reply);
end
