using ImageAspire.AppHost.Model;

namespace ImageAspire.Tests.AppHost;

/// <summary>What the AppHost declares for the Azure backend, so that it can be compared with what its emulators and Aspire's resources were made from.</summary>
internal static class Declarations
{
    public static IEnumerable<string> Expected { get; } = [.. AzureTopology.Subscriptions.Select(Text)];

    /// <summary>A subscription in one line.</summary>
    public static string Text(SubscriptionDeclaration subscription) =>
        $"{subscription.Name}: lock {subscription.LockDuration}, {subscription.MaxDeliveryCount} deliveries, {string.Join(" ", subscription.Rules)}";
}
