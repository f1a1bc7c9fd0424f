using System.Net;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.EndToEnd;

/// <summary>An operator at work on real processes.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class OperationsEndToEndTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task PauseFailRetry_OverARestartAndTwoWorkers_EndsAnalyzed()
    {
        Guid id;
        await using (var before = await RunningApp.StartAsync(_folder.Root, workers: 0))
        {
            (await PostAsync(before, "/api/operations/subscriptions/inspect-image/pause")).ShouldBe(HttpStatusCode.NoContent);
            id = await before.UploadAsync(TestImages.Jpeg(640, 480, seed: 11));
        }

        await using var app = await RunningApp.StartAsync(_folder.Root, workers: 2);
        await app.BecomesHealthAsync("worker-1", "Healthy", "Healthy");
        await app.BecomesHealthAsync("worker-2", "Healthy", "Healthy");
        (await app.AuditAsync("image.received", 1)).ShouldBe([id]); // the workers work
        (await SubscriptionAsync(app, "inspect-image")).ShouldSatisfyAllConditions(
            one => one.Paused.ShouldBeTrue(), one => one.Active.ShouldBe(1));
        (await StatusAsync(app, id)).ShouldBe("received");

        // The bytes go astray: the inspection cannot succeed until they are back.
        var file = Directory.GetFiles(Path.Combine(_folder.Root, "blobs"), $"*{id}*", SearchOption.AllDirectories).ShouldHaveSingleItem();
        File.Move(file, Path.Combine(_folder.Root, "astray"));
        (await PostAsync(app, "/api/operations/subscriptions/inspect-image/resume")).ShouldBe(HttpStatusCode.NoContent);
        await Eventually.TrueAsync(async () => await StatusAsync(app, id) == "failed");
        var letter = await LetterAsync(app);
        letter.ImageId.ShouldBe(id);
        letter.Reason.ShouldBe("content-unavailable");

        File.Move(Path.Combine(_folder.Root, "astray"), file);
        (await PostAsync(app, $"/api/operations/dead-letters/{letter.Id}/retry")).ShouldBe(HttpStatusCode.Accepted);

        await app.AnalyzedAsync(id);
        (await SubscriptionAsync(app, "inspect-image")).DeadLettered.ShouldBe(0);
    }

    private static async Task<HttpStatusCode> PostAsync(RunningApp app, string path)
    {
        using var answer = await app.Client.PostAsync(new Uri(path, UriKind.Relative), null);
        return answer.StatusCode;
    }

    private static async Task<string?> StatusAsync(RunningApp app, Guid id) => (await app.FindAsync(id))?.Status;

    private static async Task<SubscriptionDto> SubscriptionAsync(RunningApp app, string name) =>
        (await app.Client.GetItemsAsync<SubscriptionDto>("/api/operations/subscriptions"))
            .Single(one => one.Name == name);

    private static async Task<DeadLetterDto> LetterAsync(RunningApp app)
    {
        PageDto<DeadLetterDto> page = null!;
        await Eventually.TrueAsync(async () =>
        {
            page = await app.Client.GetAsync<PageDto<DeadLetterDto>>("/api/operations/dead-letters?subscription=inspect-image");
            return page.Items.Count == 1;
        });
        return page.Items[0];
    }
}
