using System.Net;
using System.Net.Sockets;

namespace ImageAspire.Api.Access;

/// <summary>What counts as one address.</summary>
internal static class Addresses
{
    private const int NetworkBytes = 8;

    /// <summary>
    /// An IPv4 address as it is; of an IPv6 address its /64, because whoever has one has all of it. It is that of the connection, or, when the
    /// platform has said that a proxy stands in front (<c>ASPNETCORE_FORWARDEDHEADERS_ENABLED</c>), the one that the proxy names.
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
