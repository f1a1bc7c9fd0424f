using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>A client that goes on whatever happens to the Api, and records what was acknowledged.</summary>
/// <param name="calls">The Api.</param>
/// <param name="oracle">Where it records that.</param>
/// <param name="shared">Images that several clients use.</param>
/// <param name="random">What it does next.</param>
/// <param name="pause">Between two calls.</param>
internal sealed class CrashClient(CrashCalls calls, TestOracle oracle, SharedImages shared, Random random, TimeSpan pause)
{
    private readonly List<TrackedImage> _owned = [];
    private readonly ResumableClient _resumable = new(calls, oracle, shared, random);
    private int _changes;

    /// <summary>Works until <paramref name="stopping"/>; a call that is under way is finished.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await NextAsync();
            await Task.Delay(pause * (random.NextDouble() * 2), stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task NextAsync() => random.Next(100) switch
    {
        < 25 => OwnedAsync(),
        < 35 => shared.New() is { } image ? UploadAsync(image) : OwnedAsync(),
        < 45 => ManyAsync(),
        < 65 => _resumable.NextAsync(),
        < 72 => AgainAsync(),
        < 76 => shared.New(TrackedImageKind.Undecodable) is { } broken ? UploadAsync(broken) : OwnedAsync(),
        < 80 => shared.New(random.Next(2) == 0 ? TrackedImageKind.Breaking : TrackedImageKind.Refused) is { } failing ? UploadAsync(failing) : OwnedAsync(),
        < 88 => ContendAsync(),
        < 97 => shared.Any(random) is { } kept ? AnalyzeAsync(kept) : Task.CompletedTask,
        _ => calls.SendAsync(HttpMethod.Post, "/api/operations/stages/analyze-image/run-missing"),
    };

    // The next step of one of its own images: uploaded, changed, analysed again, deleted, perhaps uploaded again.
    private async Task OwnedAsync()
    {
        if ((_owned.Count < 4 || random.Next(3) == 0) && oracle.Make(TrackedImageKind.Owned) is { } made)
            _owned.Add(made);
        if (_owned.Count == 0)
            return;
        var image = _owned[random.Next(_owned.Count)];
        if (!image.Usable)
            _owned.Remove(image);
        else if (!image.MustExist)
            await UploadAsync(image);
        else if (random.Next(4) is var step && step == 0)
            await DeleteAsync(image);
        else if (step == 1)
            await AnalyzeAsync(image);
        else
            await ChangeAsync(image);
    }

    private async Task AgainAsync()
    {
        if (shared.Any(random) is { } image)
            await Task.WhenAll(Enumerable.Range(0, random.Next(1, 3)).Select(_ => UploadAsync(image)));
    }

    private Task ContendAsync()
    {
        var image = shared.Contended(random);
        return random.Next(3) switch { 0 => DeleteAsync(image), 1 => AnalyzeAsync(image), _ => UploadAsync(image) };
    }

    /// <summary>Uploads a image once.</summary>
    public async Task UploadAsync(TrackedImage image)
    {
        image.Uploading();
        using var body = new ByteArrayContent(image.Bytes);
        body.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        body.Headers.Add("X-File-Name", image.Name);
        if (await calls.SendAsync(HttpMethod.Post, "/api/images", body, image) is { } answer)
            Uploaded(image, answer.Status, answer.Status is HttpStatusCode.OK or HttpStatusCode.Accepted ? Responses.Read<ImageDto>(answer.Body) : null);
        shared.NotAcknowledged(image);
    }

    private async Task ManyAsync()
    {
        List<TrackedImage> images = [.. new[] { shared.New(), shared.New(), shared.Any(random) }.OfType<TrackedImage>().Distinct()];
        if (images.Count < 2)
        {
            images.ForEach(shared.NotAcknowledged);
            return;
        }

        using var body = new MultipartFormDataContent();
        foreach (var image in images)
        {
            image.Uploading();
            body.Add(new ByteArrayContent(image.Bytes), "file", image.Name);
        }

        if (await calls.SendAsync(HttpMethod.Post, "/api/images", body, null) is { Status: HttpStatusCode.MultiStatus } answer)
        {
            foreach (var (image, item) in images.Zip(Responses.Read<PageDto<UploadItemDto>>(answer.Body).Items))
                Uploaded(image, (HttpStatusCode)item.Status, item.Image);
        }

        images.ForEach(shared.NotAcknowledged);
    }

    private void Uploaded(TrackedImage image, HttpStatusCode status, ImageDto? record)
    {
        if (status is not (HttpStatusCode.OK or HttpStatusCode.Accepted) || record is null)
            return;
        if (record.Sha256 != image.Sha256)
            oracle.Violations.Enqueue($"{image.Name}: acknowledged with another digest.");
        image.Uploaded(record.Id);
        oracle.Count(status == HttpStatusCode.OK ? "duplicates acknowledged" : "uploads acknowledged");
        shared.Acknowledged(image);
    }

    private async Task ChangeAsync(TrackedImage image)
    {
        var change = $"change-{Interlocked.Increment(ref _changes)}";
        image.Changing(change);
        using var body = new StringContent($$"""{ "tags": ["{{change}}"], "archived": {{(random.Next(2) == 0 ? "true" : "false")}} }""", Encoding.UTF8, "application/merge-patch+json");
        var answer = await calls.SendAsync(HttpMethod.Patch, $"/api/images/{image.Ids[0]}", body, image);
        if (answer?.Status == HttpStatusCode.OK)
        {
            image.Changed(change);
            oracle.Count("changes acknowledged");
        }
        else if (answer?.Status == HttpStatusCode.NotFound)
        {
            oracle.Violations.Enqueue($"{image.Name}: acknowledged, and not there when it was to be changed.");
        }
    }

    private async Task AnalyzeAsync(TrackedImage image)
    {
        if (image.Ids is [var id, ..] && await calls.SendAsync(HttpMethod.Post, $"/api/images/{id}/analyze", null, image) is { Status: HttpStatusCode.Accepted })
            oracle.Count("analyses asked for again");
    }

    private async Task DeleteAsync(TrackedImage image)
    {
        if (image.Ids is not [var id, ..])
            return;
        image.Deleting();
        switch ((await calls.SendAsync(HttpMethod.Delete, $"/api/images/{id}?purge=true", null, image))?.Status)
        {
            case HttpStatusCode.NoContent:
                image.Deleted();
                oracle.Count("deletions acknowledged");
                break;
            case HttpStatusCode.NotFound when image.Kind == TrackedImageKind.Contended:
                image.Deleted();
                break;
            case HttpStatusCode.NotFound:
                oracle.Violations.Enqueue($"{image.Name}: acknowledged, and not there when it was to be deleted.");
                break;
        }
    }
}
