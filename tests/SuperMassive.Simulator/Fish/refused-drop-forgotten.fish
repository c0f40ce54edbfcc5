A node that refused to drop or to purge is not asked to catch up.

file src/SuperMassive.Core/Cluster/ReplyRouter.cs
replace
    case LinkRequestKind.Drop or LinkRequestKind.Purge when reply.IsError: link.Shard.Missed(); break;
with
end
