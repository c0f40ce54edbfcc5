namespace SuperMassive.Server.Loop.Memory;

/// <summary>A name under which a machine is reached by others on the same loop.</summary>
internal sealed class MemoryListener : LoopListener
{
    private const string Prefix = "memory:";

    private readonly Dictionary<string, MemoryListener> _names;

    /// <exception cref="IOException">The name is taken.</exception>
    public MemoryListener(EventLoop loop, MachineHost host, ListenOptions options, Dictionary<string, MemoryListener> names)
        : base(loop, host, options)
    {
        _names = names;
        if (!names.TryAdd(options.Address, this))
            throw new IOException($"cannot listen on {options.Address}: the address is in use");
    }

    public static bool IsMemory(string address) => address.StartsWith(Prefix, StringComparison.Ordinal);

    public override void Close()
    {
        if (_names.GetValueOrDefault(Options.Address) == this)
            _names.Remove(Options.Address);
    }
}
