using Google.Protobuf;
using ImageAspire.Dashboard.Telemetry;
using ImageAspire.OtlpWire;
using static ImageAspire.Tests.Dashboard.Otlp.OtlpSamples;
using Span = ImageAspire.OtlpWire.Span;

namespace ImageAspire.Tests.Dashboard.Otlp;

/// <summary>What is read is what was sent.</summary>
public sealed class OtlpContentTests : IAsyncLifetime
{
    private OtlpDashboard _dashboard = null!;

    private TelemetryStore Store => _dashboard.Store;

    public async Task InitializeAsync() => _dashboard = await OtlpDashboard.StartAsync();

    public async Task DisposeAsync() => await _dashboard.DisposeAsync();

    [Fact]
    public async Task Span_WithEverything_IsReadAsItIs()
    {
        var sent = Span(7, 8, parent: 9, status: 2, Pair("http.route", "/api/images"));
        sent.TraceState = "a=b";
        sent.Status.Message = "it broke";
        sent.Events.Add(new Span.Types.Event { Name = "later", TimeUnixNano = Start + 2, Attributes = { Pair("k", "v") } });
        sent.Events.Add(new Span.Types.Event { Name = "sooner", TimeUnixNano = Start + 1 });
        sent.Links.Add(new Span.Types.Link { TraceId = TraceId(3), SpanId = SpanId(4), Attributes = { Pair("why", "because") } });

        await _dashboard.SendAsync(Traces("api", sent));

        var span = Store.Traces.Find(new TraceId(7))!.Spans.Single();
        (span.SpanId, span.ParentId).ShouldBe((new SpanId(8), new SpanId(9)));
        (span.Name, span.Kind, span.Status, span.StatusMessage, span.TraceState).ShouldBe(("step 8", SpanKind.Server, SpanStatus.Error, "it broke", "a=b"));
        (span.Start, span.End).ShouldBe(((long)Start + 8_000, (long)Start + 1_008_000));
        (span.Scope.Name, span.Scope.Version).ShouldBe(("ImageAspire", "0.1.0"));
        (span.Resource.Name, span.Resource.DisplayName).ShouldBe(("api", "api"));
        span.Attributes.ShouldBe([new TelemetryAttribute("http.route", "/api/images")]);
        span.Events.Select(one => one.Name).ShouldBe(["sooner", "later"]);
        span.Links.Single().TraceId.ShouldBe(new TraceId(3));
        span.Links.Single().Attributes.Single().Value.ShouldBe("because");
    }

    [Fact]
    public async Task Attributes_OfEveryKind_AreTextAndKeepTheirKind()
    {
        var list = new AnyValue { ArrayValue = new ArrayValue { Values = { Text("a<b"), new AnyValue { IntValue = -2 }, new AnyValue(), new AnyValue { DoubleValue = 3 } } } };
        var map = new AnyValue { KvlistValue = new KeyValueList { Values = { Pair("k", new AnyValue { BoolValue = true }), Pair("l", list) } } };

        await _dashboard.SendAsync(Traces("api", Span(1, 1, 0, 0,
            Pair("text", "<script>alert(1)</script> ü 🙂"), Pair("yes", new AnyValue { BoolValue = true }), Pair("whole", new AnyValue { IntValue = long.MinValue }),
            Pair("real", new AnyValue { DoubleValue = 0.1 }), Pair("none", new AnyValue { DoubleValue = double.NaN }), Pair("list", list), Pair("map", map),
            Pair("bytes", new AnyValue { BytesValue = ByteString.CopyFrom(0, 255, 10, 13) }), Pair("empty", new AnyValue()))));

        Store.Traces.Find(new TraceId(1))!.Spans[0].Attributes.ShouldBe(
        [
            new("text", "<script>alert(1)</script> ü 🙂"), new("yes", "true", AttributeKind.Boolean),
            new("whole", "-9223372036854775808", AttributeKind.WholeNumber), new("real", "0.1", AttributeKind.RealNumber),
            new("none", "NaN", AttributeKind.RealNumber), new("list", """["a<b",-2,null,3.0]""", AttributeKind.Structured),
            new("map", """{"k":true,"l":["a<b",-2,null,3.0]}""", AttributeKind.Structured), new("bytes", "AP8KDQ==", AttributeKind.Bytes),
            new("empty", "", AttributeKind.Empty),
        ]);
    }

    [Fact]
    public async Task Values_ThatAreTooLong_AreCutAndMarked()
    {
        var many = new ArrayValue();
        many.Values.AddRange(Enumerable.Range(0, 100_000).Select(i => new AnyValue { IntValue = i }));

        await _dashboard.SendAsync(Traces("api", Span(1, 1, 0, 0,
            Pair("text", new string('ä', 20_000)), Pair("halves", new string('x', 8_191) + "🙂"),
            Pair("bytes", new AnyValue { BytesValue = ByteString.CopyFrom(new byte[1 << 20]) }), Pair("list", new AnyValue { ArrayValue = many }))));

        var values = Store.Traces.Find(new TraceId(1))!.Spans[0].Attributes;
        values[0].Value.ShouldBe(new string('ä', 8_192) + " … (11808 more characters)");
        values[1].Value.ShouldBe(new string('x', 8_191) + " … (2 more characters)");
        values[2].Value.Length.ShouldBeInRange(8_192, 8_300);
        values[3].Value.ShouldStartWith("[0,1,2,");
        values[3].Value.Length.ShouldBeInRange(8_192, 8_300);
        values.Skip(2).ShouldAllBe(value => value.Kind == AttributeKind.Text);
    }

    [Fact]
    public async Task Value_NestedTooDeep_Is400()
    {
        var value = Text("deep");
        for (var i = 0; i < 40; i++)
            value = new AnyValue { ArrayValue = new ArrayValue { Values = { value } } };

        using var response = await _dashboard.PostAsync("/v1/traces", Traces("api", Span(1, 1, 0, 0, Pair("k", value))).ToByteArray());

        ((int)response.StatusCode).ShouldBe(400);
    }

    [Fact]
    public async Task Log_OfOneMegabyte_IsCutAndMarked()
    {
        await _dashboard.SendAsync(Logs("api", Log(new string('x', 1 << 20))));

        var body = Store.Logs.List(new LogFilter(), 0, 1).Items[0].Body;
        body.ShouldBe(new string('x', 65_536) + " … (983040 more characters)");
    }

    [Theory]
    [InlineData(0, LogSeverity.Trace)]
    [InlineData(1, LogSeverity.Trace)]
    [InlineData(8, LogSeverity.Debug)]
    [InlineData(9, LogSeverity.Information)]
    [InlineData(13, LogSeverity.Warning)]
    [InlineData(17, LogSeverity.Error)]
    [InlineData(24, LogSeverity.Critical)]
    [InlineData(25, LogSeverity.Trace)]
    [InlineData(-1, LogSeverity.Trace)]
    public async Task Log_SeverityNumber_IsAWordOfDotNet(int number, LogSeverity severity)
    {
        await _dashboard.SendAsync(Logs("api", Log("x", number)));

        Store.Logs.List(new LogFilter(), 0, 1).Items[0].Severity.ShouldBe(severity);
    }

    [Fact]
    public async Task Log_WithTraceEventAndObservedTime_IsReadAsItIs()
    {
        var record = Log("done");
        (record.TimeUnixNano, record.ObservedTimeUnixNano, record.EventName) = (0, Start + 5, "Stored");
        (record.TraceId, record.SpanId) = (TraceId(1), SpanId(2));

        await _dashboard.SendAsync(Logs("api", record));

        var read = Store.Logs.List(new LogFilter(TraceId: new TraceId(1)), 0, 1).Items.Single();
        (read.Time, read.EventName, read.SpanId, read.Scope.Name).ShouldBe(((long)Start + 5, "Stored", new SpanId(2), "ImageAspire"));
    }

    [Fact]
    public async Task Times_ThatMakeNoSense_AreMadeToFit()
    {
        var (backwards, endless, unsaid) = (Span(1, 1), Span(2, 2), Span(3, 3));
        backwards.EndTimeUnixNano = Start - 5;
        endless.EndTimeUnixNano = ulong.MaxValue;
        unsaid.StartTimeUnixNano = 0;

        await _dashboard.SendAsync(Traces("api", backwards, endless, unsaid));

        Store.Traces.List(new TraceFilter(), 0, 9).Items.ShouldAllBe(trace => trace.Duration >= 0);
        Store.Traces.Find(new TraceId(3))!.Spans[0].Start.ShouldBe((long)unsaid.EndTimeUnixNano);
    }

    [Fact]
    public async Task Resource_BehindItsSpans_IsRead()
    {
        // Fields of protobuf may come in any order: here the spans are before the resource.
        byte[] spans = new ResourceSpans { ScopeSpans = { new ScopeSpans { Spans = { Span(1, 1) } } } }.ToByteArray();
        byte[] resource = new ResourceSpans { Resource = Resource("late", "late-7") }.ToByteArray();
        byte[] both = [.. spans, .. resource];
        using var target = new MemoryStream();
        using (var output = new CodedOutputStream(target, leaveOpen: true))
        {
            output.WriteTag(1, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(both));
        }

        using var response = await _dashboard.PostAsync("/v1/traces", target.ToArray());

        ((int)response.StatusCode).ShouldBe(200);
        Store.Resources.Single().DisplayName.ShouldBe("late-7");
    }

    [Fact]
    public async Task Resources_MoreThanAllowed_AreRejectedAndTold()
    {
        await using var small = await OtlpDashboard.StartAsync(options => options.Limits.Resources = 2);
        await small.SendAsync(Traces("one", Span(1, 1)));
        await small.SendAsync(Logs("two", Log("x")));

        using var response = await small.PostAsync("/v1/traces", Traces("three", Span(3, 1), Span(3, 2)).ToByteArray());

        ExportResponse.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync()).PartialSuccess.Rejected.ShouldBe(2);
        small.Store.Resources.Select(one => one.Name).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task Resource_SendingAllSignals_IsOneObject()
    {
        await _dashboard.SendAsync(Traces("api", Span(1, 1)));
        await _dashboard.SendAsync(Logs("api", Log("x")));

        ReferenceEquals(Store.Traces.Find(new TraceId(1))!.Spans[0].Resource, Store.Logs.List(new LogFilter(), 0, 1).Items[0].Resource).ShouldBeTrue();
    }

    private static AnyValue Text(string text) => new() { StringValue = text };
}
