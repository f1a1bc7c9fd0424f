using System.Net;
using System.Net.Http.Json;
using ImageAspire.Core.Events;
using ImageAspire.Tests.Api;
using ImageAspire.Tests.Http;
using ImageAspire.Tests.Worker;

namespace ImageAspire.Tests.EndToEnd;

/// <summary>What happens to images with the Azure backend, over its real protocols: MongoDB's stand-in, Azurite and the Service Bus emulator.</summary>
[Collection(WholeAzureSystem.Name)]
[Trait("Category", "Slow")]
public sealed class AzureSystemTests
{
    private readonly AzureSystem _system;

    public AzureSystemTests(AzureSystem system)
    {
        AzureSystem.Require();
        _system = system;
    }

    [Fact]
    public async Task Upload_ToAnalyzedToDeleted_IsFoundAndThenGone()
    {
        var file = TestImages.Jpeg(1200, 900, seed: 7001);

        var id = (await _system.UploadAsync(file, "Sunset at the pier.jpg")).Id;
        var record = await _system.BecomesAsync(id, "analyzed");

        record.Width.ShouldBe(1200);
        record.Thumbnails!.Count.ShouldBe(4);
        (await _system.Client.GetByteArrayAsync($"/api/images/{id}/content")).ShouldBe(file);
        foreach (var words in (string[])["pier", "harbour"]) // its name, and what was seen
            (await FindAsync(words)).ShouldContain(id);
        await Eventually.TrueAsync(async () => (await _system.Client.GetItemsAsync<AuditEntryDto>($"/api/audit?image={id}")).Select(entry => entry.Type).Order()
            .SequenceEqual(["image.analyzed", "image.inspected", "image.received"]));

        using var deleted = await _system.Client.DeleteAsync(new Uri($"/api/images/{id}", UriKind.Relative));

        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        foreach (var path in (string[])["", "/content", "/thumbnail?size=256"])
        {
            using var gone = await _system.Client.GetAsync(new Uri($"/api/images/{id}{path}", UriKind.Relative));
            gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        await Eventually.TrueAsync(async () => !(await FindAsync("pier")).Contains(id));
        (await _system.Client.GetItemsAsync<ImageDto>("/api/trash")).ShouldContain(one => one.Id == id);
        await _system.PostAsync($"/api/images/{id}/restore");
        (await _system.Client.GetByteArrayAsync($"/api/images/{id}/content")).ShouldBe(file);
        (await FindAsync("harbour")).ShouldContain(id);
    }

    [Fact]
    public async Task DeadLetter_RetriedAfterTheRepair_EndsAnalyzed()
    {
        _system.RefusesImages = true;
        var id = (await _system.UploadAsync(TestImages.Jpeg(640, 480, seed: 7002))).Id;
        (await _system.BecomesAsync(id, "failed")).Failure!.Code.ShouldBe("ContentRefused");
        DeadLetterDto? letter = null;
        await Eventually.TrueAsync(async () => (letter = (await _system.Client.GetItemsAsync<DeadLetterDto>("/api/operations/dead-letters?subscription=analyze-image")).SingleOrDefault()) is not null);
        letter!.ImageId.ShouldBe(id);

        _system.RefusesImages = false;
        await _system.PostAsync($"/api/operations/dead-letters/{letter.Id}/retry");

        await _system.BecomesAsync(id, "analyzed");
        await Eventually.TrueAsync(async () => (await _system.SubscriptionAsync("analyze-image")).DeadLettered == 0);
    }

    [Fact]
    public async Task Pause_OverARestartOfAllServices_LastsUntilItIsResumed()
    {
        await _system.PostAsync("/api/operations/subscriptions/analyze-image/pause");
        await _system.RestartServicesAsync();

        var id = (await _system.UploadAsync(TestImages.Jpeg(640, 480, seed: 7003))).Id;
        await _system.BecomesAsync(id, "inspected");
        await Eventually.TrueAsync(async () => await _system.SubscriptionAsync("analyze-image") is { Paused: true, Active: 1 });
        await _system.PostAsync("/api/operations/subscriptions/analyze-image/resume");

        await _system.BecomesAsync(id, "analyzed");
    }

    [Fact]
    public async Task Events_Followed_ReportEachStepOfAnImage()
    {
        using var answer = await _system.Client.GetAsync(new Uri("/api/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var id = (await _system.UploadAsync(TestImages.Jpeg(640, 480, seed: 7004))).Id;

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        List<string> events = [];
        for (var type = ""; events is not [.., "image.analyzed"];)
        {
            var line = (await lines.ReadLineAsync(limit.Token))!;
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                type = line["event: ".Length..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal) && line.Contains($"{id}", StringComparison.Ordinal))
                events.Add(type);
        }

        events.ShouldBe(["image.received", "image.inspected", "image.analyzed"]);
    }

    [Fact]
    public async Task Webhook_OfAnUpload_IsSignedAndDeliveredOnce()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var created = await _system.Client.PostAsJsonAsync("/api/webhooks", new { url = receiver.Url() });
        var webhook = await created.ReadAsync<WebhookDto>();

        var id = (await _system.UploadAsync(TestImages.Jpeg(640, 480, seed: 7005))).Id;

        await Eventually.TrueAsync(async () => (await _system.Client.GetItemsAsync<DeliveryDto>($"/api/webhooks/{webhook.Id}/deliveries")) is [{ State: "delivered" }]);
        var request = receiver.Requests.ShouldHaveSingleItem();
        request.IsSignedWith(webhook.Secret!).ShouldBeTrue();
        CloudEvents.Read(request.Body).ShouldSatisfyAllConditions(one => one.Type.ShouldBe(ImageEventTypes.Analyzed), one => one.ImageId.ShouldBe(id));
        (await _system.Client.DeleteAsync(new Uri($"/api/webhooks/{webhook.Id}", UriKind.Relative))).Dispose();
    }

    [Fact]
    public async Task ResumableUpload_InTwoPieces_IsTheImage()
    {
        var file = TestImages.Jpeg(640, 480, seed: 7006, padTo: 400_000);
        var address = await _system.Client.BeginAsync(file.Length);
        using (var first = await _system.Client.PatchAsync(address, 0, file[..250_000]))
            first.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await _system.Client.OffsetAsync(address)).ShouldBe(250_000);

        using var second = await _system.Client.PatchAsync(address, 250_000, file[250_000..]);

        var id = Guid.Parse(second.Header("Image-Id")!);
        await _system.BecomesAsync(id, "analyzed");
        (await _system.Client.GetByteArrayAsync($"/api/images/{id}/content")).ShouldBe(file);
    }

    [Fact]
    public async Task Trace_OfAnImage_IsOneAcrossApiServiceBusAndWorker()
    {
        using var telemetry = new TelemetryOfDashboard(_system.App);
        var image = await _system.UploadAsync(TestImages.Jpeg(640, 480, seed: 7007));
        await _system.BecomesAsync(image.Id, "analyzed");

        List<DashboardSpan> spans = [];
        (string Publish, string Service, string Stage)[] steps =
            [("publish image.received", "api", "InspectImage"), ("publish image.inspected", "worker", "AnalyzeImage"), ("publish image.analyzed", "worker", "NotifySubscribers")];
        // Each process exports its spans when it likes.
        var names = steps.SelectMany(step => new[] { step.Publish, step.Stage }).ToList();
        await Eventually.TrueAsync(async () =>
        {
            spans = await telemetry.TraceAsync(image.TraceId!);
            return spans.Count(span => span.Name == "UpdateReports") == steps.Length && names.TrueForAll(name => spans.Exists(span => span.Name == name));
        }, () => string.Join('\n', spans.Select(span => $"{span.Service} {span.Name} {span.Id} in {span.ParentId}")));

        spans.ShouldAllBe(span => !span.Failed);
        foreach (var (publish, service, stage) in steps)
        {
            var published = spans.Single(span => span.Name == publish);
            published.Service.ShouldBe(service);
            spans.Single(span => span.Name == stage).ShouldSatisfyAllConditions(span => span.Service.ShouldBe("worker"), span => span.ParentId.ShouldBe(published.Id));
        }
    }

    private async Task<IEnumerable<Guid>> FindAsync(string words) => (await _system.Client.GetAsync<ListPageDto>($"/api/images?q={words}")).Items.Select(one => one.Id);
}
