using System.Net;
using System.Runtime.InteropServices;
using static SuperMassive.Server.Loop.Epoll.Libc;

namespace SuperMassive.Server.Loop.Epoll;

/// <summary>
/// What became of a system call: a count, or the error's number negated. The kernel's own convention, which saves an
/// out parameter at each call.
/// </summary>
internal static unsafe class Tcp
{
    /// <summary>Sizeof(sockaddr_in6), the longest address there is here.</summary>
    private const int AddressBytes = 28;

    public static int Receive(int fd, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint count;
            do
            {
                count = recv(fd, start, buffer.Length, 0);
            } while (count < 0 && Marshal.GetLastPInvokeError() == EINTR);
            return count < 0 ? -Marshal.GetLastPInvokeError() : (int)count;
        }
    }

    public static int Send(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nint count;
            do
            {
                count = send(fd, start, bytes.Length, MSG_NOSIGNAL);
            } while (count < 0 && Marshal.GetLastPInvokeError() == EINTR);
            return count < 0 ? -Marshal.GetLastPInvokeError() : (int)count;
        }
    }

    /// <returns>The new connection's descriptor; it does not block and inherits the listener's options.</returns>
    public static int Accept(int fd, out string peer)
    {
        var buffer = stackalloc byte[AddressBytes];
        var length = AddressBytes;
        int accepted;
        do
        {
            accepted = accept4(fd, buffer, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
        } while (accepted < 0 && Marshal.GetLastPInvokeError() == EINTR);
        peer = "";
        if (accepted < 0)
            return -Marshal.GetLastPInvokeError();
        peer = Describe(new ReadOnlySpan<byte>(buffer, AddressBytes));
        return accepted;
    }

    /// <summary>Begins to connect.</summary>
    /// <returns>The descriptor; it becomes writable when the outcome is known, see <see cref="ConnectError"/>.</returns>
    public static int Connect(IPEndPoint endPoint)
    {
        var address = endPoint.Serialize();
        var family = endPoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? AF_INET6 : AF_INET;
        var fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd < 0)
            return -Marshal.GetLastPInvokeError();
        SetOption(fd, IPPROTO_TCP, TCP_NODELAY);
        SetOption(fd, SOL_SOCKET, SO_KEEPALIVE);
        fixed (byte* start = address.Buffer.Span)
        {
            if (connect(fd, start, address.Size) == 0)
                return fd;
        }
        var error = Marshal.GetLastPInvokeError();
        // an interrupted connect goes on by itself
        if (error is EINPROGRESS or EINTR)
            return fd;
        _ = close(fd);
        return -error;
    }

    /// <returns>0 when connected, else the error's number.</returns>
    public static int ConnectError(int fd)
    {
        int error;
        var length = sizeof(int);
        return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : Marshal.GetLastPInvokeError();
    }

    public static void EndSending(int fd) => _ = shutdown(fd, SHUT_WR);

    public static void Close(int fd, bool reset)
    {
        if (reset)
        {
            var linger = stackalloc int[] { 1, 0 };
            _ = setsockopt(fd, SOL_SOCKET, SO_LINGER, linger, 2 * sizeof(int));
        }
        _ = close(fd);
    }

    /// <summary>An error's number in words for an operator.</summary>
    public static string Reason(int error) => error switch
    {
        ECONNREFUSED => Reasons.Refused,
        ENETUNREACH or EHOSTUNREACH => Reasons.NoRoute,
        ECONNRESET or EPIPE => Reasons.Reset,
        ETIMEDOUT => "connection timed out",
        _ => Marshal.GetPInvokeErrorMessage(error),
    };

    private static void SetOption(int fd, int level, int option)
    {
        var on = 1;
        _ = setsockopt(fd, level, option, &on, sizeof(int));
    }

    private static string Describe(ReadOnlySpan<byte> address)
    {
        var isV6 = MemoryMarshal.Read<ushort>(address) == AF_INET6;
        var port = (address[2] << 8) | address[3];
        var ip = isV6 ? new IPAddress(address.Slice(8, 16)) : new IPAddress(address.Slice(4, 4));
        return new IPEndPoint(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip, port).ToString();
    }
}
