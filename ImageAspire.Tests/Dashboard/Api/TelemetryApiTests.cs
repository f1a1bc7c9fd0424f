using System.Net;
using System.Text.Json;
using ImageAspire.OtlpWire;
using ImageAspire.Tests.Dashboard.Otlp;
using static ImageAspire.Tests.Dashboard.Otlp.OtlpSamples;

namespace ImageAspire.Tests.Dashboard.Api;

public sealed class TelemetryApiTests : IAsyncLifetime
{
    private OtlpDashboard _dashboard = null!;

    public async Task InitializeAsync()
    {
        _dashboard = await OtlpDashboard.StartAsync();
        await _dashboard.SendAsync(Traces("api", Span(0xABCDEF01, 1), Span(0xABCDEF01, 2, parent: 1, status: 2), Span(5, 3)));
        await _dashboard.SendAsync(Traces("worker", Span(0xABCDEF01, 4, parent: 2)));
        var error = Log("broke", 17);
        error.TraceId = TraceId(5);
        await _dashboard.SendAsync(Logs("api", Log("fine"), error));
        await _dashboard.SendAsync(Logs("worker", Log("careful", 13)));
    }

    public async Task DisposeAsync() => await _dashboard.DisposeAsync();

    [Theory]
    [InlineData("spans", null)]
    [InlineData("spans?follow=true", "wrong")]
    [InlineData("logs", OtlpDashboard.OtlpKey)]
    [InlineData("traces", "")]
    [InlineData("traces/00000000000000000000000000000005", OtlpDashboard.Token)]
    [InlineData("resources", "wrong")]
    public async Task Request_WithoutTheKey_Is401(string path, string? key)
    {
        using var response = await _dashboard.GetAsync("/api/telemetry/" + path, key);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("spans?resource=nobody")]
    [InlineData("spans?resource=api&resource=nobody")]
    [InlineData("logs?resource=nobody")]
    [InlineData("traces?resource=nobody")]
    [InlineData("traces/00000000000000000000000000000099")]
    [InlineData("traces/nothing")]
    public async Task Request_ForWhatIsNotThere_Is404(string path) => await ShouldBeProblemAsync(path, HttpStatusCode.NotFound, "not found");

    [Theory]
    [InlineData("spans?limit=-1", "limit")]
    [InlineData("spans?limit=many", "limit")]
    [InlineData("spans?limit=99999999999", "limit")]
    [InlineData("spans?hasError=perhaps", "hasError")]
    [InlineData("spans?hasError=true&hasError=false", "hasError")]
    [InlineData("spans?follow=1", "follow")]
    [InlineData("spans?traceId=xyz", "traceId")]
    [InlineData("logs?severity=loud", "severity")]
    [InlineData("logs?severity=3", "severity")]
    public async Task Request_WithAWrongParameter_Is400AndNamesIt(string path, string named) =>
        await ShouldBeProblemAsync(path, HttpStatusCode.BadRequest, named);

    [Theory]
    [InlineData("spans", 4, 4)]
    [InlineData("spans?limit=1", 4, 1)]
    [InlineData("spans?limit=0", 4, 0)]
    [InlineData("spans?resource=api", 3, 3)]
    [InlineData("spans?resource=API", 3, 3)]
    [InlineData("spans?resource=api&resource=worker", 4, 4)]
    [InlineData("spans?hasError=true", 1, 1)]
    [InlineData("spans?hasError=false", 3, 3)]
    [InlineData("spans?traceId=000000000000000000000000abcdef01", 3, 3)]
    [InlineData("spans?traceId=0000000000000000", 4, 4)]
    [InlineData("spans?traceId=000000", 0, 0)]
    [InlineData("spans?traceId=ffffffff", 0, 0)]
    [InlineData("logs", 3, 3)]
    [InlineData("logs?limit=2", 3, 2)]
    [InlineData("logs?severity=Warning", 2, 2)]
    [InlineData("logs?severity=error", 1, 1)]
    [InlineData("logs?severity=Critical", 0, 0)]
    [InlineData("logs?traceId=00000000000000000000000000000005", 1, 1)]
    [InlineData("logs?resource=worker", 1, 1)]
    [InlineData("traces", 2, 2)]
    [InlineData("traces?hasError=true", 1, 1)]
    [InlineData("traces?hasError=false", 1, 1)]
    [InlineData("traces?resource=worker", 1, 1)]
    [InlineData("traces?limit=1", 2, 1)]
    [InlineData("traces/000000000000000000000000ABCDEF01", 3, 3)]
    [InlineData("traces/000000000000000000000000abcdef", 3, 3)]
    public async Task Request_WithFilters_CountsWhatIsMeant(string path, int total, int returned)
    {
        using var answer = await JsonAsync(path);

        answer.RootElement.GetProperty("totalCount").GetInt32().ShouldBe(total);
        answer.RootElement.GetProperty("returnedCount").GetInt32().ShouldBe(returned);
    }

    [Fact]
    public async Task Spans_Limited_AreTheLatest()
    {
        using var answer = await JsonAsync("spans?limit=1");

        answer.RootElement.GetProperty("data").GetProperty("resourceSpans")[0].GetProperty("scopeSpans")[0].GetProperty("spans")[0]
            .GetProperty("spanId").GetString().ShouldBe("0000000000000004");
    }

    [Fact]
    public async Task Trace_AsOtlpJson_HasHexIdsTextNumbersAndTypedValues()
    {
        var list = new ArrayValue { Values = { new AnyValue { IntValue = 1 }, new AnyValue { DoubleValue = 2 }, new AnyValue { StringValue = "x" }, new AnyValue() } };
        var span = Span(77, 1, parent: 9, status: 2, Pair("text", "<b>"), Pair("whole", new AnyValue { IntValue = 42 }), Pair("real", new AnyValue { DoubleValue = 0.5 }),
            Pair("yes", new AnyValue { BoolValue = true }), Pair("bytes", new AnyValue { BytesValue = Google.Protobuf.ByteString.CopyFrom(1) }),
            Pair("list", new AnyValue { ArrayValue = list }), Pair("inf", new AnyValue { DoubleValue = double.PositiveInfinity }), Pair("none", new AnyValue()));
        span.Status.Message = "no";
        span.Events.Add(new Span.Types.Event { Name = "e", TimeUnixNano = 5 });
        span.Links.Add(new Span.Types.Link { TraceId = TraceId(1), SpanId = SpanId(2) });
        await _dashboard.SendAsync(Traces("shape", span));

        using var response = await _dashboard.GetAsync("/api/telemetry/traces/0000000000000000000000000000004d");

        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        using var expected = JsonDocument.Parse("""
            {"data":{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shape"}},
              {"key":"service.instance.id","value":{"stringValue":""}},{"key":"telemetry.sdk.language","value":{"stringValue":"dotnet"}}]},
            "scopeSpans":[{"scope":{"name":"ImageAspire","version":"0.1.0"},"spans":[{
              "traceId":"0000000000000000000000000000004d","spanId":"0000000000000001","parentSpanId":"0000000000000009","name":"step 1","kind":2,
              "startTimeUnixNano":"1767225600000001000","endTimeUnixNano":"1767225600001001000",
              "attributes":[{"key":"text","value":{"stringValue":"<b>"}},{"key":"whole","value":{"intValue":"42"}},{"key":"real","value":{"doubleValue":0.5}},
                {"key":"yes","value":{"boolValue":true}},{"key":"bytes","value":{"bytesValue":"AQ=="}},
                {"key":"list","value":{"arrayValue":{"values":[{"intValue":"1"},{"doubleValue":2},{"stringValue":"x"},{}]}}},
                {"key":"inf","value":{"doubleValue":"Infinity"}},{"key":"none","value":{}}],
              "events":[{"timeUnixNano":"5","name":"e"}],"links":[{"traceId":"00000000000000000000000000000001","spanId":"0000000000000002"}],
              "status":{"code":2,"message":"no"}}]}]}]},"totalCount":1,"returnedCount":1}
            """);
        JsonElement.DeepEquals(answer.RootElement, expected.RootElement).ShouldBeTrue(answer.RootElement.GetRawText());
    }

    [Fact]
    public async Task Trace_OfTenThousandSpans_IsReadWhole()
    {
        for (var part = 0; part < 10; part++)
        {
            await _dashboard.SendAsync(Traces("large", [.. Enumerable.Range(1, 1_000).Select(i =>
                Span(99, (ulong)((part * 1_000) + i), parent: (ulong)i - 1, 0, Pair("some.attribute", $"value {i} of {part}")))]));
        }

        using var answer = await JsonAsync("traces/00000000000000000000000000000063");

        answer.RootElement.GetProperty("totalCount").GetInt32().ShouldBe(10_000);
        var spans = answer.RootElement.GetProperty("data").GetProperty("resourceSpans")[0].GetProperty("scopeSpans")[0].GetProperty("spans");
        spans.EnumerateArray().Select(span => span.GetProperty("spanId").GetString()).Distinct().Count().ShouldBe(10_000);
    }

    [Fact]
    public async Task Logs_AsOtlpJson_AreInOrderOfTime()
    {
        using var answer = await JsonAsync("logs?resource=api");

        var records = answer.RootElement.GetProperty("data").GetProperty("resourceLogs")[0].GetProperty("scopeLogs")[0].GetProperty("logRecords");
        records.EnumerateArray().Select(one => one.GetProperty("body").GetProperty("stringValue").GetString()).ShouldBe(["fine", "broke"]);
        records[1].GetProperty("severityNumber").GetInt32().ShouldBe(17);
        records[1].GetProperty("severityText").GetString().ShouldBe("Error");
        records[1].GetProperty("traceId").GetString().ShouldBe("00000000000000000000000000000005");
        records[1].GetProperty("timeUnixNano").GetString().ShouldBe("1767225600000000000");
    }

    [Fact]
    public async Task Resources_AreListedWithWhatTheySent()
    {
        await _dashboard.SendAsync(new MetricsRequest
        {
            ResourceMetrics =
            {
                new ResourceMetrics
                {
                    Resource = Resource("meter", "meter-2"),
                    ScopeMetrics = { new ScopeMetrics { Metrics = { new Metric { Name = "m", Gauge = new Gauge { DataPoints = { new NumberPoint { AsInt = 1 } } } } } } },
                },
            },
        });

        using var answer = await JsonAsync("resources");

        using var expected = JsonDocument.Parse("""
            [{"name":"api","instanceId":null,"displayName":"api","hasLogs":true,"hasTraces":true,"hasMetrics":false},
             {"name":"meter","instanceId":"meter-2","displayName":"meter-2","hasLogs":false,"hasTraces":false,"hasMetrics":true},
             {"name":"worker","instanceId":null,"displayName":"worker","hasLogs":true,"hasTraces":true,"hasMetrics":false}]
            """);
        JsonElement.DeepEquals(answer.RootElement, expected.RootElement).ShouldBeTrue(answer.RootElement.GetRawText());
    }

    [Fact]
    public async Task Follow_Spans_GivesWhatIsThereAndThenWhatArrives()
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var response = await _dashboard.GetAsync("/api/telemetry/spans?follow=true&resource=worker&hasError=false", cancellationToken: end.Token);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(end.Token));

        SpanIdOf(await lines.ReadLineAsync(end.Token)).ShouldBe("0000000000000004");
        await _dashboard.SendAsync(Traces("api", Span(8, 50)));
        await _dashboard.SendAsync(Traces("worker", Span(8, 51, 0, 2), Span(8, 52)));
        SpanIdOf(await lines.ReadLineAsync(end.Token)).ShouldBe("0000000000000034");
    }

    [Fact]
    public async Task Follow_LogsOfAResourceThatIsYetToCome_WaitsForIt()
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var response = await _dashboard.GetAsync("/api/telemetry/logs?follow=true&resource=late&severity=Error", cancellationToken: end.Token);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(end.Token));

        await _dashboard.SendAsync(Logs("late", Log("not this", 9), Log("this", 17)));

        (await lines.ReadLineAsync(end.Token)).ShouldNotBeNull().ShouldContain("\"this\"");
    }

    private static string? SpanIdOf(string? line)
    {
        using var json = JsonDocument.Parse(line.ShouldNotBeNull());
        return json.RootElement.GetProperty("resourceSpans")[0].GetProperty("scopeSpans")[0].GetProperty("spans")[0].GetProperty("spanId").GetString();
    }

    private async Task<JsonDocument> JsonAsync(string path)
    {
        using var response = await _dashboard.GetAsync("/api/telemetry/" + path);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync());
    }

    private async Task ShouldBeProblemAsync(string path, HttpStatusCode status, string said)
    {
        using var response = await _dashboard.GetAsync("/api/telemetry/" + path);
        response.StatusCode.ShouldBe(status);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await response.Content.ReadAsStringAsync()).ShouldContain(said);
    }
}
