using System.Diagnostics;
using System.Diagnostics.Metrics;
using ImageAspire.Dashboard.Telemetry;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SpanKind = ImageAspire.Dashboard.Telemetry.SpanKind;
using TraceFilter = ImageAspire.Dashboard.Telemetry.TraceFilter;

namespace ImageAspire.Tests.Dashboard.Otlp;

/// <summary>The SDK that the services use sends to the dashboard.</summary>
public sealed class OpenTelemetrySdkTests : IAsyncLifetime
{
    private const string Name = "ImageAspire.Tests.Sdk";

    private OtlpDashboard _dashboard = null!;

    public async Task InitializeAsync() => _dashboard = await OtlpDashboard.StartAsync();

    public async Task DisposeAsync() => await _dashboard.DisposeAsync();

    [Fact]
    public async Task Traces_OfTheSdk_Arrive()
    {
        using var source = new ActivitySource(Name + ".Traces");
        using (var provider = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Resource()).AddSource(source.Name).AddOtlpExporter(o => Configure(o, "traces")).Build())
        {
            using var parent = source.StartActivity("parent", ActivityKind.Server);
            using (var child = source.StartActivity("child"))
                child!.SetTag("count", 3).SetStatus(ActivityStatusCode.Error, "no").AddEvent(new ActivityEvent("half way"));
            parent!.Stop();
            provider.ForceFlush();
        }

        await Eventually.TrueAsync(() => _dashboard.Store.Traces.State.Items == 1);
        var summary = _dashboard.Store.Traces.List(new TraceFilter("sdk-1"), 0, 1).Items.Single();
        (summary.Root.Name, summary.Root.Kind, summary.Errors).ShouldBe(("parent", SpanKind.Server, 1));
        var child1 = _dashboard.Store.Traces.Find(summary.Id)!.Spans[1];
        child1.ParentId.ShouldBe(summary.Root.SpanId);
        child1.Attributes.ShouldContain(new TelemetryAttribute("count", "3", AttributeKind.WholeNumber));
        child1.Events.Single().Name.ShouldBe("half way");
    }

    [Fact]
    public async Task Logs_OfTheSdk_Arrive()
    {
        using (var factory = LoggerFactory.Create(logging => logging.AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            options.SetResourceBuilder(Resource()).AddOtlpExporter(o => Configure(o, "logs"));
        })))
        {
#pragma warning disable CA1848, CA2254 // What the SDK makes of an ordinary call is what matters.
            factory.CreateLogger("My.Category").LogError(new InvalidOperationException("broken"), "Image {ImageId} failed", 17);
#pragma warning restore CA1848, CA2254
        }

        await Eventually.TrueAsync(() => _dashboard.Store.Logs.State.Items == 1);
        var record = _dashboard.Store.Logs.List(new LogFilter("sdk"), 0, 1).Items.Single();
        (record.Body, record.Severity, record.Scope.Name).ShouldBe(("Image 17 failed", LogSeverity.Error, "My.Category"));
        record.Attributes.ShouldContain(one => one.Key == "exception.message" && one.Value == "broken");
        record.Attributes.ShouldContain(one => one.Key == "ImageId" && one.Value == "17");
    }

    [Fact]
    public async Task Metrics_OfTheSdk_Arrive()
    {
        using var meter = new Meter(Name + ".Metrics");
        var (counter, histogram) = (meter.CreateCounter<long>("images", "{image}"), meter.CreateHistogram<double>("duration", "s"));
        using (var provider = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Resource()).AddMeter(meter.Name)
            .AddOtlpExporter((o, _) => Configure(o, "metrics")).Build())
        {
            counter.Add(3, new KeyValuePair<string, object?>("stage", "inspect"));
            histogram.Record(0.3);
            histogram.Record(700);
            provider.ForceFlush();
        }

        await Eventually.TrueAsync(() => _dashboard.Store.Metrics.State.Items == 2);
        var images = _dashboard.Store.Metrics.Find("sdk-1", meter.Name, "images", 0)!.Value;
        (images.Instrument.Kind, images.Instrument.Unit).ShouldBe((InstrumentKind.Counter, "{image}"));
        images.Series.Single().Points[^1].Value.ShouldBe(3);
        var points = _dashboard.Store.Metrics.Find("sdk-1", meter.Name, "duration", 0)!.Value.Series.Single().Points;
        (points[^1].Count, points[^1].Buckets!.Sum()).ShouldBe((2, 2));
        points[0].Since.ShouldBeInRange(1, points[0].Time); // so that what was measured first is on the charts; a provider that ends sends once more
    }

    private static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty().AddService("sdk", serviceInstanceId: "sdk-1");

    private void Configure(OtlpExporterOptions options, string signal)
    {
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = new Uri(_dashboard.Host.OtlpEndpoint, "/v1/" + signal);
        options.Headers = "x-otlp-api-key=" + OtlpDashboard.OtlpKey;
        options.HttpClientFactory = () => new HttpClient(new SocketsHttpHandler { UseProxy = false });
    }
}
