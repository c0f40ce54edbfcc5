PURGE also forgets the first deletion after those that it names.

file src/SuperMassive.Core/Node/NodeData.cs
replace
    _tombstones.Dequeue(); }
with
        _tombstones.Dequeue();
    }
    if (_tombstones.TryPeek(out var next, out var nextHash))
    {
        Table.RemoveTombstones(nextHash, next, _removing);
        _tombstones.Dequeue();
    }
end
