using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using ImageAspire.Dashboard.Telemetry;
using ImageAspire.OtlpWire;
using static ImageAspire.Tests.Dashboard.Otlp.OtlpSamples;

namespace ImageAspire.Tests.Dashboard.Otlp;

public sealed class OtlpIntakeTests : IAsyncLifetime
{
    private OtlpDashboard _dashboard = null!;

    private TelemetryStore Store => _dashboard.Store;

    public async Task InitializeAsync() => _dashboard = await OtlpDashboard.StartAsync(options => options.Limits.RequestBytes = 1 << 20);

    public async Task DisposeAsync() => await _dashboard.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Traces_PlainOrGzip_AreKept(bool gzip)
    {
        var request = Traces("api", Span(1, 1), Span(1, 2, parent: 1)).ToByteArray();

        using var response = await _dashboard.PostAsync("/v1/traces", request, gzip);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-protobuf");
        ExportResponse.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync()).PartialSuccess.ShouldBeNull();
        Store.Traces.Find(new TraceId(1))!.Spans.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("another-key")]
    [InlineData(OtlpDashboard.ApiKey)]
    public async Task Request_WithoutTheKey_Is401(string? key)
    {
        using var response = await _dashboard.PostAsync("/v1/traces", Traces("api", Span(1, 1)).ToByteArray(), key: key);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        Store.Traces.Version.ShouldBe(0);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    public async Task Request_OfAnotherType_Is415AndSaysWhatIsTaken(string type)
    {
        using var response = await _dashboard.PostAsync("/v1/traces", "{}"u8.ToArray(), type: type);

        response.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await response.Content.ReadAsStringAsync()).ShouldContain("application/x-protobuf");
    }

    [Fact]
    public async Task Request_OfAnotherEncoding_Is415()
    {
        using var response = await _dashboard.PostAsync("/v1/traces", [], encoding: "br");

        response.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    public static TheoryData<string, byte[]> Malformed()
    {
        var whole = Traces("api", Span(1, 1), Span(1, 2)).ToByteArray();
        return new TheoryData<string, byte[]>
        {
            { "JSON", """{"resourceSpans":[]}"""u8.ToArray() },
            { "text", Encoding.ASCII.GetBytes("This is no telemetry at all.") },
            { "cut within", whole[..^3] },
            { "one byte more", [.. whole, 0x0A] },
            { "a length beyond the end", [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07] },
            { "a length of 2^63", [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F] },
            { "an endless number", [0x08, .. Enumerable.Repeat((byte)0xFF, 20)] },
            { "field zero", [0x00, 0x00] },
            { "a group", [0x0B, 0x0C] },
            { "a field of the wrong type", [0x08, 0x01] },
            { "a span's name as a number", Wrapped([0x28, 0x01]) },
            { "a good span and then a broken one", [.. whole, .. Wrapped([0x0A, 0x20, 0x01])] },
        };
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Request_ThatIsMalformed_Is400AndChangesNothing(string what, byte[] body)
    {
        using var response = await _dashboard.PostAsync("/v1/traces", body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest, what);
        var status = RpcStatus.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync());
        status.Code.ShouldBe(3);
        status.Message.ShouldNotBeEmpty();
        Store.Traces.State.ShouldBe(default);
        Store.Resources.ShouldBeEmpty();
    }

    [Fact]
    public async Task Gzip_ThatIsNoneOrNotWhole_Is400AndChangesNothing()
    {
        var whole = OtlpDashboard.Gzip(Traces("api", [.. Enumerable.Range(1, 200).Select(i => Span(1, (ulong)i))]).ToByteArray());
        byte[][] bodies = [[], [1, 2, 3], whole[..1], whole[..(whole.Length / 2)], whole[..^8], whole[..^4], [.. whole, 0], [.. whole[..20], .. new byte[40]]];
        foreach (var body in bodies)
        {
            using var response = await _dashboard.PostAsync("/v1/traces", body, encoding: "gzip");
            response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }

        Store.Traces.State.ShouldBe(default);
    }

    [Fact]
    public async Task Request_LargerThanTheLimit_Is413()
    {
        using var plain = await _dashboard.PostAsync("/v1/logs", new byte[(1 << 20) + 1]);
        plain.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);

        // 200 MB of zeros in 200 KB.
        using var bomb = await _dashboard.PostAsync("/v1/logs", Bomb(200 << 20), encoding: "gzip");
        bomb.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        RpcStatus.Parser.ParseFrom(await bomb.Content.ReadAsByteArrayAsync()).Code.ShouldBe(8);
    }

    [Fact]
    public async Task Request_OfTheLimit_IsTaken()
    {
        var empty = Logs("api", Log("")).CalculateSize();
        var request = Logs("api", Log(new string('x', (1 << 20) - empty - 20)));
        request.CalculateSize().ShouldBeInRange((1 << 20) - 16, 1 << 20);

        await _dashboard.SendAsync(request);

        Store.Logs.State.Items.ShouldBe(1);
    }

    [Fact]
    public async Task Request_OfCountlessEmptyThings_TakesNoMemory()
    {
        // Half a million empty attributes, events and links in one span.
        byte[] attributes = [.. Enumerable.Repeat<byte[]>([0x4A, 0x00], 150_000).SelectMany(two => two)];
        byte[] events = [.. Enumerable.Repeat<byte[]>([0x5A, 0x00], 150_000).SelectMany(two => two)];
        byte[] span = [.. Span(1, 1).ToByteArray(), .. attributes, .. events];

        using var response = await _dashboard.PostAsync("/v1/traces", Wrapped(span));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var kept = Store.Traces.Find(new TraceId(1))!.Spans[0];
        kept.Attributes.Count.ShouldBe(128);
        kept.Events.Count.ShouldBe(128);
        Store.Traces.State.Bytes.ShouldBeLessThan(20_000);
    }

    [Fact]
    public async Task Spans_WithoutValidIds_AreRejectedAndCounted()
    {
        var noTrace = Span(1, 1);
        noTrace.TraceId = ByteString.Empty;
        var shortTrace = Span(1, 2);
        shortTrace.TraceId = ByteString.CopyFrom(1, 2, 3);
        var zeroSpan = Span(1, 0);
        var oddParent = Span(1, 3);
        oddParent.ParentSpanId = ByteString.CopyFrom(1);

        using var response = await _dashboard.PostAsync("/v1/traces", Traces("api", noTrace, shortTrace, zeroSpan, oddParent, Span(1, 4)).ToByteArray());

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var partial = ExportResponse.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync()).PartialSuccess;
        partial.Rejected.ShouldBe(4);
        partial.ErrorMessage.ShouldContain("trace id");
        Store.Traces.Find(new TraceId(1))!.Spans.Single().Name.ShouldBe("step 4");
    }

    [Fact]
    public async Task Port_InUse_TheNextFreeOneIsTaken()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await using var other = await OtlpDashboard.StartAsync(options => options.OtlpPort = port);

        other.Host.OtlpEndpoint.Port.ShouldBeInRange(port + 1, port + 20);
        await other.SendAsync(Traces("api", Span(1, 1)));
    }

    [Fact]
    public async Task Path_ThatIsNone_Is404AndGetIs405()
    {
        using var other = await _dashboard.PostAsync("/v1/profiles", []);
        other.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var get = new HttpRequestMessage(HttpMethod.Get, new Uri(_dashboard.Host.OtlpEndpoint, "/v1/traces"));
        get.Headers.Add("x-otlp-api-key", OtlpDashboard.OtlpKey);
        using var answer = await _dashboard.Client.SendAsync(get);
        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    private static byte[] Wrapped(byte[] span)
    {
        byte[] scope = [0x12, .. Varint(span.Length), .. span];
        byte[] resource = [0x12, .. Varint(scope.Length), .. scope];
        return [0x0A, .. Varint(resource.Length), .. resource];
    }

    private static byte[] Varint(int value)
    {
        using var target = new MemoryStream();
        using (var output = new CodedOutputStream(target, leaveOpen: true))
            output.WriteUInt32((uint)value);
        return target.ToArray();
    }

    private static byte[] Bomb(int size)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.SmallestSize))
        {
            var zeros = new byte[1 << 20];
            for (var written = 0; written < size; written += zeros.Length)
                gzip.Write(zeros);
        }

        return target.ToArray();
    }
}
