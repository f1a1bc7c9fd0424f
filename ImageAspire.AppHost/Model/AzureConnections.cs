using Microsoft.Extensions.Configuration;

namespace ImageAspire.AppHost.Model;

/// <summary>The connection strings of the Azure backend. In a local run each puts a running service in the place of an emulator.</summary>
internal static class AzureConnections
{
    /// <summary>MongoDB.</summary>
    public const string Documents = "imagesdb";

    /// <summary>Service Bus.</summary>
    public const string Messaging = "messaging";

    private const string Administration = "messaging-administration";

    /// <summary>Whether all of these connection strings are set.</summary>
    public static bool AreSet(IConfiguration configuration, params IEnumerable<string> names) => names.All(name => IsSet(configuration, name));

    /// <summary>Connects the services by these connection strings; false when they are not set.</summary>
    public static bool TryConnect(this IDistributedApplicationBuilder builder, IReadOnlyCollection<IResourceBuilder<ProjectResource>> services, params IReadOnlyList<string> names)
    {
        if (!AreSet(builder.Configuration, names))
            return false;
        foreach (var connection in names.Select(name => builder.AddConnectionString(name)))
        {
            foreach (var service in services)
                service.WithReference(connection);
        }

        return true;
    }

    /// <summary>The same for Service Bus, whose administration API may be at another address.</summary>
    public static bool TryConnectMessaging(this IDistributedApplicationBuilder builder, IReadOnlyCollection<IResourceBuilder<ProjectResource>> services) =>
        builder.TryConnect(services, IsSet(builder.Configuration, Administration) ? [Messaging, Administration] : [Messaging]);

    /// <summary>Finds containers of which only some have a connection string: they are of one account.</summary>
    public static void Check(SettingsReader reader)
    {
        var missing = AzureTopology.Containers.Where(name => !IsSet(reader.Configuration, name)).ToList();
        if (missing.Count > 0 && missing.Count < AzureTopology.Containers.Count)
            reader.Errors.AddRange(missing.Select(name => $"ConnectionStrings:{name} is missing, while the other container has one. Set both, or none of them for an emulator (docs/configuration.md)."));
    }

    private static bool IsSet(IConfiguration configuration, string name) => !string.IsNullOrEmpty(configuration.GetConnectionString(name));
}
