PURGE also forgets the first deletion after the one it names.

file src/SuperMassive.Core/Node/NodeData.cs
replace
    _tombstones.Dequeue();
    }
with
    _tombstones.Dequeue();
    }
    if (_tombstones.TryPeek(out var first, out var next) && Table.TryGet(next, Table.Hash(next), out var extra) && extra.IsTombstone && extra.Version == first)
        Table.Remove(next, Table.Hash(next));
end
