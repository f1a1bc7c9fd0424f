using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Tracing;

/// <summary>What a trace of an image looks like: names, kinds, parents, and what it shows of failures.</summary>
public sealed class ImageTraceTests
{
    private const string Analyzed = """
        server POST /api/images
          ReceiveImage
            client commit images
              producer publish image.received
                consumer InspectImage
                  client commit images
                    producer publish image.inspected
                      consumer AnalyzeImage
                        client commit images
                          producer publish image.analyzed
                            consumer NotifySubscribers
                            consumer RecordAudit
                            consumer UpdateReports
                        client get images ×2
                      consumer RecordAudit
                      consumer UpdateReports
                  client get images ×2
                  decode image
                  open blob
                  write blob ×4
                consumer RecordAudit
                consumer UpdateReports
            client find images
            write blob
          read upload
        """;

    [Fact]
    public async Task Trace_Upload_HasEverySpanBelowItsCause()
    {
        await using var host = await TraceHost.StartAsync();

        var record = await host.UploadAsync(TestImages.Jpeg(640, 480, seed: 9001));

        await host.ShouldBecomeAsync(record.TraceId!, Analyzed);
        var spans = host.Spans.Of(record.TraceId!);
        // Whether the bytes are there already is asked before there is an id.
        spans.Where(span => span.DisplayName != "find images").ShouldAllBe(span => Equals(span.GetTagItem(Spans.ImageId), record.Id.ToString("D")));
        spans.ShouldAllBe(span => span.Status == ActivityStatusCode.Unset);
        spans.Where(span => span.Kind == ActivityKind.Consumer).ShouldAllBe(span => Equals(span.GetTagItem(Spans.Outcome), "done"));
    }

    [Fact]
    public async Task Spans_OfAnImage_FollowTheConventions()
    {
        await using var host = await TraceHost.StartAsync();

        var record = await host.UploadAsync(TestImages.Jpeg(640, 480, seed: 9002));
        await host.ShouldBecomeAsync(record.TraceId!, Analyzed);

        var spans = host.Spans.Of(record.TraceId!);
        var consumer = spans.Single(span => span.DisplayName == "InspectImage");
        var producer = spans.Single(span => span.DisplayName == "publish image.received");
        Tags(consumer, "messaging.operation.type", "messaging.operation.name", "messaging.destination.name", "messaging.destination.subscription.name")
            .ShouldBe(["process", "process", "image-events", "inspect-image"]);
        Tags(producer, "messaging.operation.type", "messaging.operation.name", "messaging.destination.name")
            .ShouldBe(["send", "publish", "image-events"]);
        consumer.GetTagItem("messaging.message.id").ShouldBe(producer.GetTagItem("messaging.message.id"));
        Tags(spans.First(span => span.DisplayName == "commit images"), "db.system.name", "db.operation.name", "db.collection.name", Spans.ImageStatus)
            .ShouldBe(["sqlite", "commit", "images", "received"]);
        Tags(spans[0], "http.request.method", "http.route", "http.response.status_code", "url.path").ShouldBe(["POST", "/api/images", 202, "/api/images"]);
        Tags(spans.First(span => span.DisplayName == "write blob"), Spans.BlobName).ShouldBe([record.BlobName]);
    }

    [Fact]
    public async Task Trace_CallerHasATrace_IsAPartOfIt()
    {
        await using var host = await TraceHost.StartAsync();

        var record = await host.UploadAsync(TestImages.Jpeg(seed: 9003), "00-aaf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        record.TraceId.ShouldBe("aaf7651916cd43dd8448eb211c80319c");
        await host.ShouldBecomeAsync(record.TraceId!, Analyzed);
        host.Spans.Of(record.TraceId!)[0].ParentSpanId.ToHexString().ShouldBe("b7ad6b7169203331");
    }

    [Fact]
    public async Task Trace_SeveralFiles_EachHasItsOwnSpansWithItsId()
    {
        await using var host = await TraceHost.StartAsync();
        using var form = new MultipartFormDataContent();
        foreach (var seed in (int[])[9004, 9005])
            form.Add(new ByteArrayContent(TestImages.Jpeg(seed: seed)), "file", $"{seed}.jpg");

        using var answer = await host.Client.PostAsync("/api/images", form);

        var ids = (await answer.ReadAsync<PageDto<UploadItemDto>>()).Items.Select(item => item.Image!.Id).ToList();
        foreach (var id in ids)
            await host.WaitAsync(id, ImageStatus.Analyzed);
        var traceId = (await host.Catalog.GetAsync(ids[0], CancellationToken.None))!.TraceId!;
        var spans = host.Spans.Of(traceId);
        foreach (var name in (string[])["publish image.received", "read upload"])
            spans.Where(span => span.DisplayName == name).Select(span => span.GetTagItem(Spans.ImageId)).ShouldBe(ids.Select(id => $"{id}"), ignoreOrder: true);
        foreach (var stage in spans.Where(span => span.DisplayName == "InspectImage"))
            spans.Single(span => span.SpanId == stage.ParentSpanId).GetTagItem(Spans.ImageId).ShouldBe(stage.GetTagItem(Spans.ImageId));
    }

    [Fact]
    public async Task Trace_SameBytesAgain_PublishesNothingAndLinksToTheFirst()
    {
        await using var host = await TraceHost.StartAsync();
        var first = await host.UploadAsync(TestImages.Jpeg(seed: 9006));

        using var answer = await host.Client.PostAsync("/api/images", new ByteArrayContent(TestImages.Jpeg(seed: 9006)));

        (await answer.ReadAsync<ImageDto>()).Duplicate.ShouldBe(true);
        Activity? request = null;
        await Eventually.TrueAsync(() => (request = host.Spans.LinkedTo(first.TraceId!)) is not null);
        await host.ShouldBecomeAsync(request!.TraceId.ToHexString(), """
            server POST /api/images
              ReceiveImage
                client find images
                stat blob
              read upload
            """);
        host.Spans.Of(request.TraceId.ToHexString()).ShouldAllBe(span => Equals(span.GetTagItem(Spans.ImageId), first.Id.ToString("D")));
    }

    [Fact]
    public async Task Trace_AnalyzedAgain_IsATraceOfItsOwnLinkedToTheFirst()
    {
        await using var host = await TraceHost.StartAsync();
        var record = await host.UploadAsync(TestImages.Jpeg(640, 480, seed: 9007));
        await host.ShouldBecomeAsync(record.TraceId!, Analyzed);

        using var answer = await host.Client.PostAsync($"/api/images/{record.Id:D}/analyze", null);

        Activity? request = null;
        await Eventually.TrueAsync(() => (request = host.Spans.LinkedTo(record.TraceId!, ActivityKind.Server)) is not null);
        await host.ShouldBecomeAsync(request!.TraceId.ToHexString(), """
            server POST /api/images/{id}/analyze
              client commit images
                producer publish image.inspected
                  consumer AnalyzeImage
                    client commit images
                      producer publish image.analyzed
                        consumer NotifySubscribers
                        consumer RecordAudit
                        consumer UpdateReports
                    client get images ×2
                  consumer RecordAudit
                  consumer UpdateReports
              client get images ×3
            """);
        (await host.Catalog.GetAsync(record.Id, CancellationToken.None))!.TraceId.ShouldBe(record.TraceId);
    }

    private static List<object?> Tags(Activity span, params string[] keys) => [.. keys.Select(span.GetTagItem)];
}
