using System.Net;
using System.Net.Sockets;

namespace ImageAspire.Api.Access;

/// <summary>The address that limits are counted by.</summary>
internal static class ClientAddress
{
    private const int NetworkBytes = 8;

    /// <summary>
    /// An IPv4 address unchanged; of an IPv6 address the /64 prefix, because one client usually controls all of it. The remote address of the
    /// connection, or behind a proxy (<c>ASPNETCORE_FORWARDEDHEADERS_ENABLED</c>) the one that the proxy forwards.
    /// </summary>
    public static IPAddress Of(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[NetworkBytes..].Clear();
        return new IPAddress(bytes);
    }
}
