using System.Net;
using System.Net.Http.Headers;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

public sealed class ContentTests
{
    [Fact]
    public async Task Content_WholeRangeHeadAndValidators_AsHttpSays()
    {
        await using var host = new ApiHost();
        var file = TestImages.Jpeg(seed: 1, padTo: 10_000);
        var id = (await (await host.PostRawAsync(file, name: "a\"b;ü.jpg")).ReadAsync<ImageDto>()).Id;
        var address = $"/api/images/{id}/content";

        using var whole = await host.Client.GetAsync(address);
        (await whole.Content.ReadAsByteArrayAsync()).ShouldBe(file);
        whole.Content.Headers.ContentType!.MediaType.ShouldBe("image/jpeg");
        whole.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        whole.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        whole.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("inline");
        whole.Content.Headers.ContentDisposition.FileNameStar.ShouldBe("a\"b;ü.jpg");

        using var range = await SendAsync(host, HttpMethod.Get, address, request => request.Headers.Range = new RangeHeaderValue(100, 199));
        range.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await range.Content.ReadAsByteArrayAsync()).ShouldBe(file[100..200]);
        using var head = await SendAsync(host, HttpMethod.Head, address, _ => { });
        head.Content.Headers.ContentLength.ShouldBe(file.Length);
        using var known = await SendAsync(host, HttpMethod.Get, address, request => request.Headers.IfNoneMatch.Add(whole.Headers.ETag!));
        known.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        using var download = await host.Client.GetAsync(address + "?download=1");
        download.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        await host.Client.GetAsync($"/api/images/{Guid.NewGuid()}/content").ShouldBeProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Content_RangeOrPreconditionThatDoesNotFit_IsAProblem()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);
        await InspectAsync(host, id);

        foreach (var address in (string[])[$"/api/images/{id}/content", $"/api/images/{id}/thumbnail?size=256"])
        {
            using var behind = await SendAsync(host, HttpMethod.Get, address, request => request.Headers.Range = new RangeHeaderValue(1_000_000, null));
            await behind.ShouldBeProblemAsync(416, "invalid-range");
            behind.Content.Headers.ContentRange!.Length.ShouldNotBeNull();
            using var other = await SendAsync(host, HttpMethod.Get, address, request => request.Headers.IfMatch.Add(new EntityTagHeaderValue("\"other\"")));
            await other.ShouldBeProblemAsync(412, "precondition-failed");
        }
    }

    [Fact]
    public async Task Head_OfWhatCanBeRead_IsTheAnswerOfGetWithoutItsBody()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);

        foreach (var address in (string[])["/api/images", $"/api/images/{id}", "/api/tags", "/api/keys", "/api/webhooks", "/api/audit", "/api/operations/stages"])
        {
            using var head = await SendAsync(host, HttpMethod.Head, address, _ => { });
            head.StatusCode.ShouldBe(HttpStatusCode.OK, address);
            using var get = await host.Client.GetAsync(address);
            head.Headers.ETag.ShouldBe(get.Headers.ETag, address);
            head.Content.Headers.ContentType.ShouldBe(get.Content.Headers.ContentType, address);
            (await head.Content.ReadAsByteArrayAsync()).ShouldBeEmpty(address);
        }

        using var missing = await SendAsync(host, HttpMethod.Head, $"/api/images/{Guid.NewGuid()}", _ => { });
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var endless = await SendAsync(host, HttpMethod.Head, "/api/events", _ => { });
        endless.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Thumbnail_BeforeAndAfterItIsMade()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);
        var early = await host.Client.GetAsync($"/api/images/{id}/thumbnail?size=256");
        await early.ShouldBeProblemAsync(404, "thumbnail-not-ready");
        early.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        await host.Client.GetAsync($"/api/images/{id}/thumbnail?size=300").ShouldBeProblemAsync(400, "invalid-size");

        await InspectAsync(host, id);

        (await AcceptAsync(host, id, "image/avif,image/webp,*/*")).ShouldBe("image/webp");
        (await AcceptAsync(host, id, "*/*")).ShouldBe("image/webp");
        (await AcceptAsync(host, id, "image/jpeg")).ShouldBe("image/jpeg");
        (await AcceptAsync(host, id, "image/webp;q=0, image/jpeg")).ShouldBe("image/jpeg");
    }

    [Fact]
    public async Task Thumbnail_RejectedImage_WillNeverBe()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(1);
        await host.TransitionAsync(id, record => ImageLifecycle.Reject(record, Samples.Why, Cause.Now("test", TimeProvider.System)));

        await host.Client.GetAsync($"/api/images/{id}/thumbnail?size=256").ShouldBeProblemAsync(404, "no-thumbnail");
    }

    [Fact]
    public async Task Reports_DaysAndAudit_AreReadAndChecked()
    {
        await using var host = new ApiHost();

        (await host.Client.GetItemsAsync<DailyReportDto>("/api/reports/daily")).Count.ShouldBe(0);
        await host.Client.GetAsync("/api/reports/daily?from=2026-13-01").ShouldBeProblemAsync(400, "invalid-parameter");
        await host.Client.GetAsync("/api/reports/daily?from=2024-01-01&to=2026-01-01").ShouldBeProblemAsync(400, "invalid-parameter");
        await host.Client.GetAsync("/api/audit?cursor=x").ShouldBeProblemAsync(400, "invalid-cursor");
        await host.Client.GetAsync("/api/audit?image=x").ShouldBeProblemAsync(400, "invalid-parameter");
        await host.Client.GetAsync("/api/audit?limit=0").ShouldBeProblemAsync(400, "invalid-limit");
        await host.Client.GetAsync("/api/tags?limit=1001").ShouldBeProblemAsync(400, "invalid-limit");
    }

    private static async Task InspectAsync(ApiHost host, Guid id)
    {
        var record = (await host.Catalog.GetAsync(id, CancellationToken.None))!;
        var thumbnails = new[] { "image/webp", "image/jpeg" }.Select(type => new ThumbnailInfo(256, 64, 48, type, 3)).ToList();
        foreach (var thumbnail in thumbnails)
        {
            await using var staged = await host.Blobs.StageAsync(CancellationToken.None);
            await staged.Content.WriteAsync(new byte[] { 1, 2, 3 });
            await staged.CommitAsync(BlobNames.Thumbnail(record.Sha256, id, 256, thumbnail.ContentType), thumbnail.ContentType, CancellationToken.None);
        }

        await host.TransitionAsync(id, r => ImageLifecycle.Inspect(r, Samples.Facts with { Thumbnails = thumbnails }, Cause.Now("test", TimeProvider.System)));
    }

    private static async Task<string?> AcceptAsync(ApiHost host, Guid id, string accept)
    {
        using var answer = await SendAsync(host, HttpMethod.Get, $"/api/images/{id}/thumbnail?size=256", request => request.Headers.Accept.ParseAdd(accept));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.Vary.ShouldContain("Accept");
        return answer.Content.Headers.ContentType!.MediaType;
    }

    private static Task<HttpResponseMessage> SendAsync(ApiHost host, HttpMethod method, string address, Action<HttpRequestMessage> change)
    {
        var request = new HttpRequestMessage(method, address);
        change(request);
        return host.Client.SendAsync(request);
    }
}
