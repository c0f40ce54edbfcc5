using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using static SuperMassive.Server.Loop.Epoll.Libc;

namespace SuperMassive.Server.Loop.Epoll;

/// <summary>A descriptor's owner.</summary>
internal interface IEpollSource
{
    void OnEvents(uint events);
}

/// <summary>Level-triggered epoll, and an eventfd with which other threads end the wait.</summary>
internal sealed unsafe class EpollWaiter : Waiter
{
    private const int MaxEvents = 1_024;

    /// <summary>struct epoll_event is packed on x86-64 only: 32 bits of events, directly followed by 64 bits of data.</summary>
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 4 : 8;

    private static readonly int EventBytes = DataOffset + sizeof(ulong);

    private readonly byte[] _events = GC.AllocateUninitializedArray<byte>(MaxEvents * EventBytes, pinned: true);
    private readonly List<Slot> _slots = [];
    private readonly Stack<int> _freeSlots = [];
    private readonly SafeFileHandle _wake;
    private readonly int _epoll;
    private int _count;
    private int _next;
    private bool _isDisposed;

    /// <exception cref="IOException">The system gives no more descriptors.</exception>
    public EpollWaiter()
    {
        _epoll = epoll_create1(EPOLL_CLOEXEC);
        if (_epoll < 0)
            throw new IOException($"epoll_create1: {Marshal.GetLastPInvokeErrorMessage()}");
        var wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (wake < 0)
            throw new IOException($"eventfd: {Marshal.GetLastPInvokeErrorMessage()}");
        _wake = new SafeFileHandle(wake, ownsHandle: true);
        // edge-triggered: every write is an event of its own, and nothing ever has to be read from it
        Register(wake, new Nobody(), EPOLLIN | EPOLLET);
    }

    /// <returns>The slot under which the descriptor is known here.</returns>
    public int Register(int fd, IEpollSource source, uint events)
    {
        if (!_freeSlots.TryPop(out var slot))
        {
            slot = _slots.Count;
            _slots.Add(default);
        }
        _slots[slot] = new Slot(source, _slots[slot].Generation);
        Control(EPOLL_CTL_ADD, fd, slot, events);
        return slot;
    }

    public void Change(int fd, int slot, uint events) => Control(EPOLL_CTL_MOD, fd, slot, events);

    /// <summary>To be called right before the descriptor is closed, which takes it off epoll.</summary>
    public void Unregister(int slot)
    {
        // what this wake-up still holds for the slot belongs to the old generation, even if the slot is taken again at once
        _slots[slot] = new Slot(null, _slots[slot].Generation + 1);
        _freeSlots.Push(slot);
    }

    public override void Wait(int timeoutMs)
    {
        _next = 0;
        fixed (byte* events = _events)
            _count = epoll_wait(_epoll, events, MaxEvents, timeoutMs);
        if (_count >= 0)
            return;
        _count = 0;
        if (Marshal.GetLastPInvokeError() is var error and not EINTR)
            throw new IOException($"epoll_wait: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    public override bool DispatchNext()
    {
        if (_next == _count)
            return false;
        ref var at = ref _events[_next++ * EventBytes];
        var events = Unsafe.ReadUnaligned<uint>(ref at);
        var data = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, DataOffset));
        var slot = _slots[(int)(uint)data];
        if (slot.Generation == (uint)(data >> 32))
            slot.Source?.OnEvents(events);
        return true;
    }

    public override void Wake()
    {
        var one = 1ul;
        try
        {
            _ = write(_wake, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // a late completion: the loop is gone, and with it whoever would have been told
        }
    }

    public override void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _wake.Dispose();
        _ = close(_epoll);
    }

    private void Control(int operation, int fd, int slot, uint events)
    {
        var buffer = stackalloc byte[EventBytes];
        Unsafe.WriteUnaligned(buffer, events);
        Unsafe.WriteUnaligned(buffer + DataOffset, (uint)slot | ((ulong)_slots[slot].Generation << 32));
        if (epoll_ctl(_epoll, operation, fd, buffer) < 0)
            throw new IOException($"epoll_ctl: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private readonly record struct Slot(IEpollSource? Source, uint Generation);

    private sealed class Nobody : IEpollSource
    {
        public void OnEvents(uint events)
        {
        }
    }
}
