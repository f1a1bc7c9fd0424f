using Azure;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using ImageAspire.Azure.Blobs;
using ImageAspire.Azure.Topic;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Heartbeats;

namespace ImageAspire.Tests.Azure;

/// <summary>The causes of errors of Blob Storage and Service Bus; no server.</summary>
public sealed class AzureFaultTests
{
    public static TheoryData<Exception, string> Blobs => new()
    {
        { new RequestFailedException(403, "no right"), FaultCauses.DependencyRefused },
        { new RequestFailedException(404, "no container", "ContainerNotFound", null), FaultCauses.DependencyRefused },
        { new AuthenticationFailedException("no identity"), FaultCauses.DependencyRefused },
        { new RequestFailedException(503, "busy"), FaultCauses.DependencyFailed },
        { new OperationCanceledException(), FaultCauses.DependencySlow },
        { new AggregateException(new TaskCanceledException()), FaultCauses.DependencySlow },
        { new AggregateException(new RequestFailedException("nothing listens", new HttpRequestException(HttpRequestError.ConnectionError, "?"))), FaultCauses.DependencyAway },
    };

    public static TheoryData<Exception, string> Topic => new()
    {
        { new UnauthorizedAccessException(), FaultCauses.DependencyRefused },
        { new ServiceBusException("?", ServiceBusFailureReason.MessagingEntityNotFound), FaultCauses.DependencyRefused },
        { new ServiceBusException("?", ServiceBusFailureReason.ServiceTimeout), FaultCauses.DependencySlow },
        { new ServiceBusException("?", ServiceBusFailureReason.ServiceCommunicationProblem), FaultCauses.DependencyAway },
        { new ServiceBusException("?", ServiceBusFailureReason.ServiceBusy), FaultCauses.DependencyFailed },
        { new ServiceBusException("?", ServiceBusFailureReason.QuotaExceeded), FaultCauses.DependencyFailed },
        { new TimeoutException(), FaultCauses.DependencySlow },
    };

    [Theory]
    [MemberData(nameof(Blobs))]
    public void Unavailable_BlobStorage_HasItsCause(Exception error, string cause) => BlobErrors.Unavailable(error).Fault.ShouldBe(new Fault(cause, DependencyNames.Blobs));

    [Theory]
    [MemberData(nameof(Topic))]
    public void Unavailable_ServiceBus_HasItsCause(Exception error, string cause) => ServiceBusErrors.Unavailable(error).Fault.ShouldBe(new Fault(cause, DependencyNames.Topic));
}
