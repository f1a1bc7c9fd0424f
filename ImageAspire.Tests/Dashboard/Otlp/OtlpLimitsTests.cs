using System.Net;
using Google.Protobuf;
using ImageAspire.Dashboard.Telemetry;
using ImageAspire.OtlpWire;
using static ImageAspire.Tests.Dashboard.Otlp.OtlpSamples;

namespace ImageAspire.Tests.Dashboard.Otlp;

/// <summary>Requests that are well formed, and made to take more than they should.</summary>
public sealed class OtlpLimitsTests
{
    [Fact]
    public async Task Request_NamesMoreResourcesThanAreKept_TheRestIsRejected()
    {
        await using var dashboard = await OtlpDashboard.StartAsync(options => options.Limits.Resources = 3);
        var request = new TracesRequest();
        for (var i = 1; i <= 10; i++)
            request.ResourceSpans.Add(Traces($"service-{i}", Span((ulong)i, (ulong)i)).ResourceSpans);

        using var response = await dashboard.PostAsync("/v1/traces", request.ToByteArray());

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        ExportResponse.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync()).PartialSuccess.Rejected.ShouldBe(7);
        dashboard.Store.Resources.Select(one => one.Name).ShouldBe(["service-1", "service-2", "service-3"]);
    }

    [Fact]
    public async Task Resource_OfARequestThatWasRefused_MakesRoom()
    {
        await using var dashboard = await OtlpDashboard.StartAsync(options => options.Limits.Resources = 1);
        byte[] broken = [.. Traces("never-kept", Span(1, 1)).ToByteArray(), 0x0A];
        using var refused = await dashboard.PostAsync("/v1/traces", broken);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        await dashboard.SendAsync(Traces("api", Span(1, 1)));

        dashboard.Store.Resources.Single().Name.ShouldBe("api");
    }

    [Fact]
    public async Task Value_ThatIsAListAMillionTimes_IsReadInOneGo()
    {
        await using var dashboard = await OtlpDashboard.StartAsync();
        var value = new byte[2_000_000];
        for (var i = 0; i < value.Length; i += 2)
            value[i] = 0x2A; // array_value, of no bytes
        var attribute = Field(9, [.. Field(1, "many"u8), .. Field(2, value)]);
        var span = Field(2, [.. Field(1, TraceId(1).Span), .. Field(2, SpanId(1).Span), .. attribute]);

        // Read once for each of them, it would take hours: the client gives up before.
        using var response = await dashboard.PostAsync("/v1/traces", Field(1, Field(2, span)));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        dashboard.Store.Traces.Find(new TraceId(1))!.Spans.Single().Attributes.Single()
            .ShouldBe(new TelemetryAttribute("many", "[]", AttributeKind.Structured));
    }

    private static byte[] Field(int number, ReadOnlySpan<byte> content)
    {
        using var target = new MemoryStream();
        using (var output = new CodedOutputStream(target, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteLength(content.Length);
        }

        target.Write(content);
        return target.ToArray();
    }
}
