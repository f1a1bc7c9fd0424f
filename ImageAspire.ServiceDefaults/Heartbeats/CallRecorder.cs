using System.Collections.Concurrent;
using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Heartbeats;

namespace ImageAspire.ServiceDefaults.Heartbeats;

/// <summary>
/// Measures who calls whom by the spans of this process, with an exporter or without: the calls of requests, stages and webhook deliveries. Health
/// checks, heartbeats and sweeps have no span, and are not counted. Part of the heartbeats. Memory: at most 64 pairs.
/// </summary>
internal sealed class CallRecorder : IHeartbeatPart, IDisposable
{
    private const int MaxPairs = 64;
    private const string Http = "System.Net.Http", Vision = "/computervision/", Delivery = "DeliverWebhook";
    private readonly ConcurrentDictionary<(string Caller, string Called), CallWindow> _pairs = new();
    private readonly string _service;
    private readonly TimeProvider _time;
    private readonly ActivityListener _listener;

    /// <param name="service">Name of the caller of everything that belongs to a request.</param>
    /// <param name="time">Clock.</param>
    public CallRecorder(string service, TimeProvider time)
    {
        (_service, _time) = (service, time);
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Telemetry.Name or Http,
            // Other clients of HTTP, health checks among them, have no part in it.
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Source.Name == Http && options.Parent == default ? ActivitySamplingResult.None : ActivitySamplingResult.AllData,
            ActivityStopped = Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <inheritdoc />
    public Heartbeat AddTo(Heartbeat heartbeat) => heartbeat with
    {
        Calls = [.. _pairs.Values.Select(pair => pair.Read(heartbeat.At)).OfType<CallFigures>()],
    };

    /// <inheritdoc />
    public void Dispose() => _listener.Dispose();

    private void Add(Activity span)
    {
        if (!span.IsAllDataRequested || PairOf(span) is not { } pair || !_pairs.ContainsKey(pair) && _pairs.Count >= MaxPairs)
            return;
        _pairs.GetOrAdd(pair, static key => new CallWindow(key.Caller, key.Called)).Add(_time.GetUtcNow(), span.Duration, span.Status == ActivityStatusCode.Error);
    }

    private (string Caller, string Called)? PairOf(Activity span) => span switch
    {
        { Kind: ActivityKind.Consumer } => (DependencyNames.Topic, span.DisplayName),
        { DisplayName: Delivery } => ("webhook sender", "subscribers"),
        _ => CalledBy(span) is { } called ? (CallerOf(span), called) : null,
    };

    private static string? CalledBy(Activity span) =>
        span.Source.Name == Http ? span.GetTagItem("url.full") is string url && url.Contains(Vision, StringComparison.Ordinal) ? DependencyNames.Vision : null
        : span.GetTagItem("db.system.name") is not null ? DependencyNames.Documents
        : span.GetTagItem(Spans.BlobName) is not null ? DependencyNames.Blobs
        : span.Kind == ActivityKind.Producer && span.GetTagItem("messaging.operation.type") is "send" ? DependencyNames.Topic : null;

    private string CallerOf(Activity span) => span.Top() is { Kind: ActivityKind.Consumer } stage ? stage.DisplayName : _service;
}
