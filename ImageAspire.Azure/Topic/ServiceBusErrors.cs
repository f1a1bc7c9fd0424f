using Azure;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Heartbeats;

namespace ImageAspire.Azure.Topic;

/// <summary>Translates errors of Service Bus into the errors of the ports. The SDK has already retried transient ones.</summary>
internal static class ServiceBusErrors
{
    /// <summary>The cause and the remedy, for operators.</summary>
    public static string Explain(Exception error) => error switch
    {
        UnauthorizedAccessException => "Service Bus refuses this service. Give its identity the role 'Azure Service Bus Data Owner' on the namespace.",
        ServiceBusException { Reason: ServiceBusFailureReason.MessagingEntityNotFound } =>
            "The topic or subscription does not exist. The AppHost declares them; run it, or deploy again.",
        ServiceBusException { Reason: ServiceBusFailureReason.MessagingEntityDisabled } => "The topic or subscription is disabled. Enable it in the portal.",
        ServiceBusException { Reason: ServiceBusFailureReason.ServiceBusy } => "Service Bus is throttling; work resumes by itself.",
        ServiceBusException { Reason: ServiceBusFailureReason.QuotaExceeded } => "The topic is full. Let the workers catch up, or raise its size.",
        ServiceBusException { Reason: ServiceBusFailureReason.MessageSizeExceeded } => "The message is larger than the namespace's tier allows.",
        ServiceBusException bus => $"Service Bus returned an error ({bus.Reason}); the call is retried.",
        AuthenticationFailedException => "Service Bus needs an identity, and this process has none.",
        RequestFailedException or AggregateException => "The administration API of Service Bus does not respond.",
        _ => $"{error.GetType().Name}: {error.Message}",
    };

    /// <summary>Whether an error is of the service or the network, so that a caller may retry later.</summary>
    public static bool IsOfService(Exception error) => error is ServiceBusException or UnauthorizedAccessException or TimeoutException
        or AuthenticationFailedException or RequestFailedException or AggregateException { InnerException: RequestFailedException };

    /// <summary>The ports' exception for an error of the service.</summary>
    public static StoreUnavailableException Unavailable(Exception error) =>
        new(Explain(error), error) { Dependency = DependencyNames.Topic, Cause = CauseOf(error) };

    private static string CauseOf(Exception error) => error switch
    {
        UnauthorizedAccessException or AuthenticationFailedException => FaultCauses.DependencyRefused,
        ServiceBusException { Reason: ServiceBusFailureReason.MessagingEntityNotFound or ServiceBusFailureReason.MessagingEntityDisabled } => FaultCauses.DependencyRefused,
        ServiceBusException { Reason: ServiceBusFailureReason.ServiceTimeout } => FaultCauses.DependencySlow,
        ServiceBusException { Reason: ServiceBusFailureReason.ServiceCommunicationProblem } => FaultCauses.DependencyAway,
        RequestFailedException { Status: > 0 } answer => Fault.CauseOfStatus(answer.Status),
        _ => Fault.OfCall(error, DependencyNames.Topic).Cause,
    };
}
