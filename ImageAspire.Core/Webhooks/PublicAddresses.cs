using System.Net;
using System.Net.Sockets;

namespace ImageAspire.Core.Webhooks;

/// <summary>
/// Which addresses belong to the public internet. Of the rest a webhook could reach what only we can reach: this machine, its
/// network, the cloud's own services. Source: IANA's special-purpose address registries for IPv4 and IPv6.
/// </summary>
public static class PublicAddresses
{
    // 168.63.129.16 is public by its number, and the platform's own address in every network of Azure.
    private static readonly IPNetwork[] NotPublic4 = Parse(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4");

    // Global unicast is 2000::/3; in it Teredo and other protocols, documentation, and 6to4, which hides an IPv4 address.
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] NotPublic6 = Parse("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    // A translator makes an IPv4 address of the last four bytes.
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Whether the address is public. An IPv4 address in the form of IPv6 is judged as what it is.</summary>
    public static bool Contains(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return !Array.Exists(NotPublic4, network => network.Contains(address));
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return false;
        return Translated.Contains(address)
            ? Contains(new IPAddress(address.GetAddressBytes().AsSpan(12)))
            : Global6.Contains(address) && !Array.Exists(NotPublic6, network => network.Contains(address));
    }

    private static IPNetwork[] Parse(params string[] networks) => [.. networks.Select(network => IPNetwork.Parse(network))];
}
