using System.Diagnostics;
using System.Net.Http.Headers;
using ImageAspire.Core.Diagnostics;
using ImageAspire.ServiceDefaults.Tracing;
using Microsoft.AspNetCore.Http;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace ImageAspire.Tests.Tracing;

/// <summary>Which work begins a trace, and how the list of traces reads.</summary>
public sealed class NoiseTests
{
    [Theory]
    [InlineData("POST", "/api/images", true)]
    [InlineData("GET", "/api/images", true)]
    [InlineData("POST", "/computervision/imageanalysis:analyze", true)]
    [InlineData("POST", "/api/operations/dead-letters/retry", true)]
    [InlineData("GET", "/api/operations/subscriptions", false)]
    [InlineData("GET", "/api/events", false)]
    [InlineData("GET", "/", false)]
    [InlineData("GET", "/css/grid.css", false)]
    [InlineData("GET", "/operations/", false)]
    [InlineData("GET", "/favicon.svg", false)]
    [InlineData("GET", "/signin", false)]
    [InlineData("GET", "/health", false)]
    public void IsTraced_Request_OnlyWorkIs(string method, string path, bool traced)
    {
        var context = new DefaultHttpContext { Request = { Method = method, Path = path } };

        RequestTraces.IsTraced(context).ShouldBe(traced);
    }

    [Theory]
    [InlineData("Azure.Messaging.ServiceBus", ActivityKind.Internal, false)] // the administration client, which counts messages every few seconds
    [InlineData("MongoDB.Driver", ActivityKind.Client, false)]
    [InlineData("Azure.Messaging.ServiceBus", ActivityKind.Consumer, true)]
    [InlineData(Telemetry.Name, ActivityKind.Internal, true)]
    public void RootSpan_OfALibrary_IsNotRecorded(string source, ActivityKind kind, bool recorded)
    {
        using var sources = new ActivitySource(source);
        using var provider = Sdk.CreateTracerProviderBuilder().AddSource(source).AddProcessor(new RootSpanFilter()).Build();
        Activity.Current = null;

        using var root = sources.StartActivity("poll", kind).ShouldNotBeNull();

        root.Recorded.ShouldBe(recorded);
    }

    [Fact]
    public async Task Trace_Upload_IsNamedAfterItsFile()
    {
        await using var host = await TraceHost.StartAsync();
        var name = new string('n', Spans.MaxImageName - 1) + "😀.jpg"; // longer than a span's, and cut before the pair

        var root = await RootOfAsync(host, name);

        root.DisplayName.ShouldBe($"POST /api/images {new string('n', Spans.MaxImageName - 1)}…");
        root.GetTagItem("http.route").ShouldNotBeNull(); // what figures are grouped by has no file in it
    }

    private static async Task<Activity> RootOfAsync(TraceHost host, string name)
    {
        using var content = new MultipartFormDataContent { { new ByteArrayContent(TestImages.Jpeg(seed: 9301)) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } }, "file", name } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/images") { Content = content };
        request.Headers.Add("traceparent", "00-daf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var answer = await host.Client.SendAsync(request);
        answer.IsSuccessStatusCode.ShouldBeTrue();
        Activity? root = null;
        await Eventually.TrueAsync(() => (root = host.Spans.Of("daf7651916cd43dd8448eb211c80319c").Find(span => span.Kind == ActivityKind.Server)) is not null);
        return root!;
    }
}
