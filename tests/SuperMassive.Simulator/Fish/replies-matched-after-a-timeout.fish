A request that got no answer in time is given up, but its link goes on: later replies are taken for the answers to other requests.

file src/SuperMassive.Core/Cluster/ShardLink.cs
replace
    protected override long? OldestRequestMs => _requests.TryPeek(out var oldest) ? oldest.SentMs : null;
with
    protected override long? OldestRequestMs
    {
        get
        {
            while (IsJoined && _requests.TryPeek(out var late) && NowMs - late.SentMs >= Peer.ReadTimeoutMs)
            {
                _requests.Dequeue();
                if (late.Kind == LinkRequestKind.Delete)
                    _deletes.Dequeue();
                _core.Replies.OnRequestLost(this, late);
            }
            return _requests.TryPeek(out var oldest) ? oldest.SentMs : null;
        }
    }
end
