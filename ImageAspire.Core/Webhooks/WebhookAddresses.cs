using System.Net;

namespace ImageAspire.Core.Webhooks;

/// <summary>Resolves a host name; a numeric address resolves to itself.</summary>
/// <exception cref="System.Net.Sockets.SocketException">There is no such name, or no name server.</exception>
public delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken cancellationToken);

/// <summary>Where webhooks may lead (configuration section <c>Webhooks</c>, of Api and Worker).</summary>
public sealed class WebhookAddressOptions
{
    /// <summary>The section.</summary>
    public const string Section = "Webhooks";

    /// <summary>Whether webhooks may lead to this machine and to private networks. Only where everyone who can create webhooks may reach those.</summary>
    public bool AllowPrivateAddresses { get; set; }
}

/// <summary>The addresses that webhooks may lead to: public ones, unless the settings say otherwise.</summary>
/// <param name="options">Whether others are allowed.</param>
/// <param name="resolve">Resolves names.</param>
public sealed class WebhookAddresses(WebhookAddressOptions options, ResolveHost resolve)
{
    /// <summary>Whether they may lead anywhere: no name needs to be resolved to know that.</summary>
    public bool AllowsAll => options.AllowPrivateAddresses;

    /// <summary>All addresses of a host, each of which may be connected to.</summary>
    /// <param name="host">A name, or a numeric address.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AddressRefusedException">One of the addresses is not public: the name is not that of a receiver on the internet.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">There is no such name, or no name server.</exception>
    public async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        var addresses = await resolve(host, cancellationToken);
        return !AllowsAll && Array.Find(addresses, address => !PublicAddresses.Contains(address)) is { } refused
            ? throw new AddressRefusedException(host, refused)
            : addresses;
    }
}

/// <summary>A name resolves to an address that is not public.</summary>
/// <param name="host">The name.</param>
/// <param name="address">The address.</param>
public sealed class AddressRefusedException(string host, IPAddress address)
    : Exception($"'{host}' leads to {address}, which is not a public address. {WebhookAddressOptions.Section}:{nameof(WebhookAddressOptions.AllowPrivateAddresses)} would allow it.");
