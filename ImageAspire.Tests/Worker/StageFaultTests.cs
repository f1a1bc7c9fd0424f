using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Events;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Worker;
using Microsoft.Extensions.Logging.Testing;

namespace ImageAspire.Tests.Worker;

/// <summary>The cause of a failed attempt, where operators read it: the failure of the record, the span, the metric.</summary>
public sealed class StageFaultTests : IDisposable
{
    private static readonly WorkerOptions Options = new() { Attempts = 1, StageTimeLimit = TimeSpan.FromHours(1) };
    private readonly string _stage = $"Stage{Guid.NewGuid():N}";
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ConcurrentQueue<(string? Cause, string? Dependency)> _counted = new();
    private readonly FakeLogCollector _log = new();
    private readonly ActivityListener _listener;
    private readonly MeterListener _meter = new();

    public StageFaultTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.Name, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (Equals(span.GetTagItem("messaging.destination.subscription.name"), _stage))
                    _spans.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
        _meter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument == Telemetry.StageFaults)
                listener.EnableMeasurementEvents(instrument);
        };
        _meter.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            var values = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value as string);
            if (values["stage"] == nameof(FaultyStage))
                _counted.Enqueue((values["cause"], values.GetValueOrDefault("dependency")));
        });
        _meter.Start();
    }

    public static TheoryData<Exception, string, string?> Failures => new()
    {
        { new AnalyzerFailedException("HTTP 500"), FaultCauses.DependencyFailed, "vision" },
        { new PermanentFailureException(FailureCodes.ContentUnavailable, "gone"), FaultCauses.DependencyFailed, "blobs" },
        { new PermanentFailureException("InvalidImageSize", "too small"), FaultCauses.ImageRefused, null },
        { new InvalidOperationException("?"), FaultCauses.OurFault, null },
        { new HttpRequestException(HttpRequestError.ConnectionError, "?"), FaultCauses.DependencyAway, null },
    };

    public static TheoryData<Exception, string, string?> Waits => new()
    {
        { new StoreUnavailableException("?") { Dependency = DependencyNames.Documents }, FaultCauses.DependencyAway, "documents" },
        { Waiting(new AnalyzerUnavailableException("?") { Cause = FaultCauses.DependencySlow }), FaultCauses.DependencySlow, "vision" },
        { Waiting(new AnalyzerUnavailableException("?") { Cause = FaultCauses.DependencyRefused }), FaultCauses.DependencyRefused, "vision" },
        { new RetryLaterException("?") { Fault = new Fault(FaultCauses.Conflict) }, FaultCauses.Conflict, null },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Handle_LastAttemptFails_CauseIsInRecordSpanAndMetric(Exception error, string cause, string? dependency)
    {
        var stage = new FaultyStage(_ => throw error);

        (await HandleAsync(stage)).ShouldBeOfType<MessageOutcome.DeadLetter>();

        var failure = stage.Failures.ShouldHaveSingleItem();
        (failure.Cause, failure.Dependency).ShouldBe((cause, dependency));
        ShouldSay(cause, dependency);
    }

    [Theory]
    [MemberData(nameof(Waits))]
    public async Task Handle_ImageWaits_CauseIsInSpanAndMetric(Exception error, string cause, string? dependency)
    {
        (await HandleAsync(new FaultyStage(_ => throw error))).ShouldBeOfType<MessageOutcome.RetryAfter>().Counted.ShouldBeFalse();

        ShouldSay(cause, dependency);
        // A dependency that is away is a warning of the health check, once, and not of every image.
        _log.Warnings().Count.ShouldBe(dependency is null ? 1 : 0);
    }

    [Fact]
    public async Task Handle_OverTheTimeLimit_IsTheStagesOwnLimit()
    {
        var stage = new FaultyStage(token => Task.Delay(Timeout.Infinite, token));

        await HandleAsync(stage, new WorkerOptions { Attempts = 1, StageTimeLimit = TimeSpan.FromMilliseconds(50) });

        stage.Failures.ShouldHaveSingleItem().Cause.ShouldBe(FaultCauses.TimeLimit);
        ShouldSay(FaultCauses.TimeLimit, null);
    }

    [Fact]
    public async Task Handle_WorkerDiedEveryTime_SaysSo()
    {
        var stage = new FaultyStage(_ => Task.CompletedTask);

        await HandleAsync(stage, delivery: 2);

        stage.Failures.ShouldHaveSingleItem().Cause.ShouldBe(FaultCauses.ProcessDied);
        ShouldSay(FaultCauses.ProcessDied, null);
    }

    [Fact]
    public async Task Handle_Succeeds_HasNoCause()
    {
        await HandleAsync(new FaultyStage(_ => Task.CompletedTask));

        _counted.ShouldBeEmpty();
        _spans.ShouldHaveSingleItem().GetTagItem(Spans.FaultCause).ShouldBeNull();
    }

    public void Dispose()
    {
        _meter.Dispose();
        _listener.Dispose();
    }

    private static RetryLaterException Waiting(AnalyzerUnavailableException error) => new(error.Message, TimeSpan.FromSeconds(1), error);

    private void ShouldSay(string cause, string? dependency)
    {
        _counted.ShouldHaveSingleItem().ShouldBe((cause, dependency));
        var span = _spans.ShouldHaveSingleItem();
        (span.Status, span.GetTagItem(Spans.FaultCause), span.GetTagItem(Spans.FaultDependency)).ShouldBe((ActivityStatusCode.Error, cause, dependency));
    }

    private Task<MessageOutcome> HandleAsync(FaultyStage stage, WorkerOptions? options = null, int delivery = 1)
    {
        var message = new ReceivedMessage(ImageLifecycle.Purge(Samples.Received(), Samples.Traced).Event with { Type = ImageEventTypes.Received }, delivery, Samples.Noon, 1);
        return new StageExecutor(StageDefinition.Of<FaultyStage>(_stage, "is tested"), stage, options ?? Options, TimeProvider.System, new FakeLogger(_log))
            .HandleAsync(message, CancellationToken.None, CancellationToken.None);
    }

    private sealed class FaultyStage(Func<CancellationToken, Task> run) : IStage
    {
        public List<ImageFailure> Failures { get; } = [];

        public Task ExecuteAsync(ImageEvent e, CancellationToken cancellationToken) => run(cancellationToken);

        public Task FailAsync(ImageEvent e, ImageFailure failure, CancellationToken cancellationToken)
        {
            Failures.Add(failure);
            return Task.CompletedTask;
        }
    }
}
