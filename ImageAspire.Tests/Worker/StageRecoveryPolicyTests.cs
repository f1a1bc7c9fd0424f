using ImageAspire.Core.Errors;
using ImageAspire.Core.Images;
using ImageAspire.Worker;

namespace ImageAspire.Tests.Worker;

public sealed class StageRecoveryPolicyTests : IDisposable
{
    private readonly CancellationTokenSource _shutdown = new();
    private readonly StageRecoveryPolicy _policy = new(new WorkerOptions { Attempts = 3 });
    private readonly StageCancellation _cancellation;

    public StageRecoveryPolicyTests() => _cancellation = new StageCancellation(TimeSpan.FromHours(1), TimeProvider.System, CancellationToken.None, _shutdown.Token);

    [Fact]
    public void Decide_CancelledByShutdown_GivesTheMessageBack()
    {
        _shutdown.Cancel();

        Decide(new OperationCanceledException(), delivery: 3).ShouldBeOfType<StageRecovery.GiveBack>();
    }

    [Fact]
    public void Decide_CancellationOfItsOwn_IsAnUnexpectedError()
    {
        // As of an HTTP client's timeout: neither the stage's limit nor the host has ended.
        Decide(new OperationCanceledException(), delivery: 1).ShouldBeOfType<StageRecovery.Retry>();
        Decide(new OperationCanceledException(), delivery: 3).ShouldBeOfType<StageRecovery.Fail>().Code.ShouldBe(FailureCodes.Unexpected);
    }

    [Fact]
    public void Decide_DependencyDown_WaitsAtEveryDelivery()
    {
        Decide(new RetryLaterException("busy", TimeSpan.FromSeconds(7)), delivery: 3).ShouldBe(new StageRecovery.Wait(TimeSpan.FromSeconds(7), "busy", new Fault(FaultCauses.OurFault)));
        Decide(new StoreUnavailableException("away"), delivery: 3).ShouldBeOfType<StageRecovery.Wait>();
    }

    [Fact]
    public void Decide_PermanentFailure_FailsAtTheFirstDelivery() =>
        Decide(new PermanentFailureException("code", "why"), delivery: 1).ShouldBe(new StageRecovery.Fail("code", "why", new Fault(FaultCauses.ImageRefused)));

    public void Dispose()
    {
        _cancellation.Dispose();
        _shutdown.Dispose();
    }

    private StageRecovery Decide(Exception error, int delivery) => _policy.Decide(error, "InspectImage", delivery, _cancellation);
}
