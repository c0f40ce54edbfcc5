using SuperMassive.Core.Protocol;
using SuperMassive.Core.Storage;

namespace SuperMassive.Core.Node;

/// <summary>
/// Commands on keys that were read ahead of their turn, so that the memory of all their keys is on its way before the first is
/// carried out: a batch waits for the slowest of its lookups and not for each in turn.
/// </summary>
internal sealed class CommandWindow(HashTable table)
{
    /// <summary>What a processor can have on its way at once, and what stays in its nearest cache until it is used.</summary>
    private const int Size = 16;

    private readonly Place[] _places = new Place[Size];

    /// <summary>Commands in the window, in the order in which they came.</summary>
    public int Count { get; private set; }

    /// <summary>Reads commands as long as they begin with a key and there is room for them.</summary>
    /// <param name="input">Begins at a command. What the window gives out later is valid as long as these bytes are.</param>
    /// <param name="command">
    /// Without room: nothing. Else what stands behind those in the window and is no whole command on a key: the reader has passed
    /// it, so it must be handled now.
    /// </param>
    /// <returns>The status of <paramref name="command"/>; null when the window is full or the input at its end.</returns>
    public ReadStatus? Fill(CommandReader reader, ReadOnlySpan<byte> input, out Command command)
    {
        Count = 0;
        command = default;
        for (var start = 0; Count < Size && start < input.Length;)
        {
            var status = reader.Read(input[start..], out command);
            if (status != ReadStatus.Command || command.Row.KindOf(0) != Argument.Key)
            {
                FetchEntries();
                return status;
            }
            ref var place = ref _places[Count++];
            place.Start = start;
            place.Layout = command.Layout;
            place.Hash = table.Hash(command[0]);
            table.PrefetchSlot(place.Hash);
            start += command.ConsumedBytes;
        }
        FetchEntries();
        return null;
    }

    /// <param name="input">The same bytes that the window was filled from.</param>
    /// <param name="hash">Of its key.</param>
    public Command Take(int index, ReadOnlySpan<byte> input, out ulong hash)
    {
        ref readonly var place = ref _places[index];
        hash = place.Hash;
        return new Command(input[place.Start..], place.Layout);
    }

    /// <summary>The slots have arrived by now, and say where the entries are.</summary>
    private void FetchEntries()
    {
        for (var i = 0; i < Count; i++)
            table.PrefetchEntry(_places[i].Hash);
    }

    private struct Place
    {
        public int Start;
        public ulong Hash;
        public CommandLayout Layout;
    }
}
