using Azure;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using ImageAspire.Core.Errors;

namespace ImageAspire.Azure.Events;

/// <summary>What the service's errors mean to us. The SDK has retried transient ones before they get here.</summary>
internal static class ServiceBusErrors
{
    /// <summary>For the log: what is wrong and what to do.</summary>
    public static string Explain(Exception error) => error switch
    {
        UnauthorizedAccessException => "Service Bus refuses this service. Give its identity the role 'Azure Service Bus Data Owner' on the namespace.",
        ServiceBusException { Reason: ServiceBusFailureReason.MessagingEntityNotFound } =>
            "The topic or subscription does not exist. The AppHost declares them; run it, or deploy again.",
        ServiceBusException { Reason: ServiceBusFailureReason.MessagingEntityDisabled } => "The topic or subscription is disabled. Enable it in the portal.",
        ServiceBusException { Reason: ServiceBusFailureReason.ServiceBusy } => "Service Bus is throttling; it goes on by itself.",
        ServiceBusException { Reason: ServiceBusFailureReason.QuotaExceeded } => "The topic is full. Let the workers catch up, or raise its size.",
        ServiceBusException { Reason: ServiceBusFailureReason.MessageSizeExceeded } => "The message is larger than the namespace's tier allows.",
        ServiceBusException bus => $"Service Bus does not answer as it should ({bus.Reason}); it is tried again.",
        AuthenticationFailedException => "There is no identity to show to Service Bus.",
        RequestFailedException or AggregateException => "The administration API of Service Bus does not answer.",
        _ => $"{error.GetType().Name}: {error.Message}",
    };

    /// <summary>Whether an error is the service's, so that a caller may try later.</summary>
    public static bool IsOfService(Exception error) => error is ServiceBusException or UnauthorizedAccessException or TimeoutException
        or AuthenticationFailedException or RequestFailedException or AggregateException { InnerException: RequestFailedException };

    /// <summary>As the ports say it.</summary>
    public static StoreUnavailableException Unavailable(Exception error) => new(Explain(error), error);
}
