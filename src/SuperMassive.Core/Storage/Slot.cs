using System.Runtime.InteropServices;

namespace SuperMassive.Core.Storage;

/// <summary>One place of an index: where an entry stands in the arena, and the top of its hash.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Slot(uint Fragment, uint Reference)
{
    public const int Bytes = 8;

    public bool IsEmpty => Reference == 0;
}
