using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Stores;
using ImageAspire.ServiceDefaults.Heartbeats;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Heartbeats;

/// <summary>Who calls whom, by spans. Other tests of this process make spans too: each test has a caller of its own.</summary>
public sealed class CallRecorderTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(Samples.Noon);
    private readonly string _caller = $"caller-{Guid.NewGuid():N}";
    private readonly CallRecorder _recorder;

    public CallRecorderTests() => _recorder = new CallRecorder(_caller, _time);

    [Fact]
    public void Calls_OfARequest_AreCountedByWhatTheyCall()
    {
        Request(() =>
        {
            Call("get images", ActivityKind.Client, "db.system.name", "sqlite", milliseconds: 5);
            Call("get images", ActivityKind.Client, "db.system.name", "sqlite", milliseconds: 400, new StoreUnavailableException("away"));
            Call("open blob", ActivityKind.Internal, Spans.BlobName, "a/b", milliseconds: 20);
            Call("publish image.received", ActivityKind.Producer, "messaging.operation.type", "send", milliseconds: 1);
            Call("create image.received", ActivityKind.Producer, "messaging.operation.type", "create", milliseconds: 1); // waits in the outbox
            Call("decode image", ActivityKind.Internal, "x", "y", milliseconds: 1);
        });

        var calls = Mine();
        calls.Select(one => (one.Called, one.Calls, one.Failed)).ShouldBe([("blobs", 1, 0), ("documents", 2, 1), ("topic", 1, 0)]);
        var documents = calls.Single(one => one.Called == "documents").Durations;
        (documents[DurationHistogram.BucketOf(TimeSpan.FromMilliseconds(5))], documents[DurationHistogram.BucketOf(TimeSpan.FromMilliseconds(400))]).ShouldBe((1, 1));
    }

    [Fact]
    public void Calls_OfAStage_AreTheStagesAndTheTopicsCallOfIt()
    {
        using (var stage = Telemetry.Source.StartActivity(_caller, ActivityKind.Consumer))
            Call("get images", ActivityKind.Client, "db.system.name", "sqlite", milliseconds: 5);

        _recorder.AddTo(Beats.Of(at: _time.GetUtcNow())).Calls.Where(one => one.Caller == _caller || one.Called == _caller)
            .Select(one => (one.Caller, one.Called)).ShouldBe([(_caller, "documents"), ("topic", _caller)], ignoreOrder: true);
    }

    [Fact]
    public void Calls_OlderThanFiveMinutes_AreForgotten()
    {
        Request(() => Call("open blob", ActivityKind.Internal, Spans.BlobName, "a/b", milliseconds: 20));
        _time.Advance(TimeSpan.FromMinutes(4));
        Request(() => Call("open blob", ActivityKind.Internal, Spans.BlobName, "a/b", milliseconds: 20));
        Mine().ShouldHaveSingleItem().Calls.ShouldBe(2);

        _time.Advance(TimeSpan.FromMinutes(2));
        Mine().ShouldHaveSingleItem().Calls.ShouldBe(1);
        _time.Advance(TimeSpan.FromMinutes(5));
        Mine().ShouldBeEmpty();
    }

    [Fact]
    public void Sum_OfTwoProcesses_AddsUp()
    {
        CallFigures[] all = [new("api", "blobs", 3, 1, [0, 3]), new("api", "blobs", 2, 0, [1, 0, 1]), new("api", "documents", 1, 0, [1])];

        var sum = CallFigures.Sum(all);

        sum.Select(one => (one.Called, one.Calls, one.Failed)).ShouldBe([("blobs", 5, 1), ("documents", 1, 0)]);
        sum[0].Durations.ShouldBe([1, 3, 1]);
    }

    public void Dispose() => _recorder.Dispose();

    private static void Request(Action work)
    {
        using var request = new Activity("request").Start();
        work();
    }

    private static void Call(string name, ActivityKind kind, string tag, string value, int milliseconds, Exception? error = null)
    {
        using var span = Telemetry.Source.StartActivity(name, kind).ShouldNotBeNull();
        span.SetTag(tag, value);
        if (error is not null)
            span.Fail(error);
        span.SetEndTime(span.StartTimeUtc.AddMilliseconds(milliseconds));
    }

    private List<CallFigures> Mine() => [.. CallFigures.Sum(_recorder.AddTo(Beats.Of(at: _time.GetUtcNow())).Calls.Where(one => one.Caller == _caller))];
}
