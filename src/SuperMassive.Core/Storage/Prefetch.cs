using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SuperMassive.Core.Storage;

/// <summary>
/// Asks the processor for memory that will be needed soon. A lookup in a large table is a wait for memory and little else; those of a
/// whole batch of commands wait together when each was asked for before the first is needed.
/// </summary>
/// <remarks>A hint: any address will do, and where the processor cannot be told, nothing happens.</remarks>
internal static unsafe class Prefetch
{
    /// <summary>Bytes that one call brings.</summary>
    public const int LineBytes = 64;

    public static void Line(void* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }

    public static void Line<T>(ref readonly T place) => Line(Unsafe.AsPointer(ref Unsafe.AsRef(in place)));
}
