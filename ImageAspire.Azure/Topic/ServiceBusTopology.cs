using Azure.Messaging.ServiceBus;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;

namespace ImageAspire.Azure.Topic;

/// <summary>The subscriptions of the topic on Service Bus. Without the administration API only missing ones are found.</summary>
internal sealed class ServiceBusTopology(ServiceBusClient client, ServiceBusTools tools) : ITopology
{
    /// <inheritdoc />
    public async Task<IReadOnlyList<TopologyDifference>> CompareAsync(IReadOnlyList<SubscriptionOptions> expected, CancellationToken cancellationToken)
    {
        try
        {
            return tools.Administration is { } administration
                ? await administration.CompareAsync(expected, cancellationToken)
                : await FindMissingAsync(expected, cancellationToken);
        }
        catch (Exception error) when (ServiceBusErrors.IsOfService(error))
        {
            throw ServiceBusErrors.Unavailable(error);
        }
    }

    /// <inheritdoc />
    public async Task<bool> DeleteAsync(string subscription, CancellationToken cancellationToken)
    {
        var administration = tools.Administration
            ?? throw new NotSupportedException("This emulator has no administration API: remove the subscription from its configuration and start it again.");
        try
        {
            return await administration.DeleteAsync(subscription, cancellationToken);
        }
        catch (Exception error) when (ServiceBusErrors.IsOfService(error))
        {
            throw ServiceBusErrors.Unavailable(error);
        }
    }

    private async Task<IReadOnlyList<TopologyDifference>> FindMissingAsync(IReadOnlyList<SubscriptionOptions> expected, CancellationToken cancellationToken)
    {
        var missing = new List<TopologyDifference>();
        foreach (var one in expected)
        {
            try
            {
                await using var receiver = client.CreateReceiver(ImageEventTypes.Topic, one.Name);
                await receiver.PeekMessageAsync(fromSequenceNumber: 0, cancellationToken);
            }
            catch (ServiceBusException error) when (error.Reason == ServiceBusFailureReason.MessagingEntityNotFound)
            {
                missing.Add(new TopologyDifference(one.Name, TopologyProblem.Missing));
            }
        }

        return missing;
    }
}
