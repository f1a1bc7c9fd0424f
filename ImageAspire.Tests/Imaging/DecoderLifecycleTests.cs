using ImageAspire.Imaging.Isolation;

namespace ImageAspire.Tests.Imaging;

public sealed class DecoderLifecycleTests
{
    private readonly DecoderLifecycle _lifecycle = new();

    [Fact]
    public void Lifecycle_OneRequest_ReturnsToIdle()
    {
        _lifecycle.State.ShouldBe(DecoderState.Starting);
        _lifecycle.MarkReady();
        _lifecycle.BeginRequest();
        _lifecycle.State.ShouldBe(DecoderState.Busy);

        _lifecycle.CompleteRequest();

        (_lifecycle.State, _lifecycle.EndReason).ShouldBe((DecoderState.Idle, null));
    }

    [Fact]
    public void End_Twice_KeepsTheFirstReason()
    {
        _lifecycle.MarkReady();
        _lifecycle.BeginRequest();

        _lifecycle.End(DecoderEndReason.TimeLimit).ShouldBe(DecoderEndReason.TimeLimit);
        _lifecycle.End(DecoderEndReason.Crashed).ShouldBe(DecoderEndReason.TimeLimit);

        _lifecycle.CompleteRequest(); // its answer came just before
        (_lifecycle.State, _lifecycle.EndReason).ShouldBe((DecoderState.Ended, DecoderEndReason.TimeLimit));
    }

    [Fact]
    public void BeginRequest_NotIdle_IsAnError()
    {
        Should.Throw<InvalidOperationException>(_lifecycle.BeginRequest);
        _lifecycle.MarkReady();
        _lifecycle.BeginRequest();

        Should.Throw<InvalidOperationException>(_lifecycle.BeginRequest);
        Should.Throw<InvalidOperationException>(_lifecycle.MarkReady);
    }

    [Theory] // part of the contract with operators
    [InlineData(nameof(DecoderEndReason.Crashed), "crash")]
    [InlineData(nameof(DecoderEndReason.TimeLimit), "time")]
    [InlineData(nameof(DecoderEndReason.MemoryLimit), "memory")]
    [InlineData(nameof(DecoderEndReason.InvalidAnswer), "nonsense")]
    public void MetricValue_OfEachReason_IsStable(string reason, string expected) =>
        Enum.Parse<DecoderEndReason>(reason).ToMetricValue().ShouldBe(expected);
}
