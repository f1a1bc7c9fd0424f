using System.Net;
using System.Net.Sockets;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Core;

/// <summary>Which cause an exception, a status and a code mean.</summary>
public sealed class FaultTests
{
    private static readonly SocketException Refused = new((int)SocketError.ConnectionRefused);

    public static TheoryData<Exception, string, string?> Exceptions => new()
    {
        { new InvalidOperationException("?"), FaultCauses.OurFault, null },
        { new RetryLaterException("later"), FaultCauses.OurFault, null },
        { new RetryLaterException("later") { Fault = new Fault(FaultCauses.Conflict) }, FaultCauses.Conflict, null },
        { new StoreUnavailableException("away") { Dependency = DependencyNames.Blobs }, FaultCauses.DependencyAway, "blobs" },
        { new StoreUnavailableException("busy") { Dependency = DependencyNames.Documents, Problem = StoreProblem.Busy }, FaultCauses.DependencySlow, "documents" },
        { new StoreUnavailableException("full") { Problem = StoreProblem.Full }, FaultCauses.DependencyFailed, null },
        { new StoreUnavailableException("read-only") { Problem = StoreProblem.ReadOnly }, FaultCauses.DependencyRefused, null },
        { new RetryLaterException("later", null, new AnalyzerUnavailableException("?") { Cause = FaultCauses.DependencyRefused }), FaultCauses.DependencyRefused, "vision" },
        { new AnalyzerUnavailableException("not there", null, new HttpRequestException(HttpRequestError.ConnectionError, "?", Refused)), FaultCauses.DependencyAway, "vision" },
        { new AnalyzerFailedException("500"), FaultCauses.DependencyFailed, "vision" },
        { new UnusableImageException(FailureCodes.Corrupt, "?"), FaultCauses.ImageRefused, null },
        { new AnalyzerRefusedException("InvalidImageSize", "?"), FaultCauses.ImageRefused, null },
        // Of .NET itself. An HTTP client that ends a call at its time limit also has an exception of the socket inside.
        { new TaskCanceledException("?", new TimeoutException("?", new IOException("?", new SocketException((int)SocketError.OperationAborted)))), FaultCauses.DependencySlow, null },
        { new IOException("?", Refused), FaultCauses.DependencyAway, null },
        { new IOException("?", new SocketException((int)SocketError.TimedOut)), FaultCauses.DependencySlow, null },
        { new HttpRequestException("?", null, HttpStatusCode.Forbidden), FaultCauses.DependencyRefused, null },
        { new HttpRequestException("?", null, HttpStatusCode.TooManyRequests), FaultCauses.DependencyFailed, null },
        { new HttpRequestException(HttpRequestError.ResponseEnded, "?"), FaultCauses.DependencyFailed, null },
        { new HttpRequestException(HttpRequestError.NameResolutionError, "?"), FaultCauses.DependencyAway, null },
    };

    [Theory]
    [MemberData(nameof(Exceptions))]
    public void Of_Exception_HasItsCause(Exception error, string cause, string? dependency) => Fault.Of(error).ShouldBe(new Fault(cause, dependency));

    [Theory]
    [InlineData(400, FaultCauses.DependencyRefused)]
    [InlineData(401, FaultCauses.DependencyRefused)]
    [InlineData(404, FaultCauses.DependencyRefused)]
    [InlineData(408, FaultCauses.DependencySlow)]
    [InlineData(429, FaultCauses.DependencyFailed)]
    [InlineData(500, FaultCauses.DependencyFailed)]
    [InlineData(503, FaultCauses.DependencyFailed)]
    [InlineData(504, FaultCauses.DependencySlow)]
    public void CauseOfStatus_Status_HasItsCause(int status, string cause) => Fault.CauseOfStatus(status).ShouldBe(cause);

    [Theory]
    [InlineData(FailureCodes.TimeLimit, FaultCauses.TimeLimit, null)]
    [InlineData(FailureCodes.WorkerDied, FaultCauses.ProcessDied, null)]
    [InlineData("MaxDeliveryCountExceeded", FaultCauses.ProcessDied, null)]
    [InlineData(FailureCodes.ContentUnavailable, FaultCauses.DependencyFailed, "blobs")]
    [InlineData(FailureCodes.AnalyzerFailed, FaultCauses.DependencyFailed, "vision")]
    [InlineData(FailureCodes.AnalyzerUnavailable, FaultCauses.DependencyAway, "vision")]
    [InlineData(FailureCodes.Unexpected, FaultCauses.OurFault, null)]
    [InlineData(FailureCodes.DecoderCrashed, FaultCauses.ImageRefused, null)]
    [InlineData("InvalidImageSize", FaultCauses.ImageRefused, null)] // the analyser's own
    public void Of_FailureOfAnEarlierVersion_IsWhatItsCodeMeans(string code, string cause, string? dependency) =>
        FailureFaults.Of(new ImageFailure("AnalyzeImage", code, "?", 5, Samples.Noon)).ShouldBe(new Fault(cause, dependency));

    [Fact]
    public void Of_FailureWithItsCause_IsThatCause() =>
        FailureFaults.Of(new ImageFailure("AnalyzeImage", FailureCodes.Unexpected, "?", 5, Samples.Noon).Because(FaultCauses.DependencySlow, "blobs"))
            .ShouldBe(new Fault(FaultCauses.DependencySlow, "blobs"));
}
