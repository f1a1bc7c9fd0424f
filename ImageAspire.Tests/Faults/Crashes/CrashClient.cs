using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>A client that goes on whatever happens to the Api, and writes down what it was told.</summary>
/// <param name="http">With address and key.</param>
/// <param name="journal">Where.</param>
/// <param name="shared">Pictures that several clients use.</param>
/// <param name="random">What it does next.</param>
/// <param name="pause">Between two calls.</param>
internal sealed class CrashClient(HttpClient http, Journal journal, SharedPictures shared, Random random, TimeSpan pause)
{
    private readonly List<Picture> _doomed = [];
    private int _changes;

    /// <summary>Works until it is told to stop; a call that is under way comes to its end.</summary>
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
        < 40 => DoomedAsync(),
        < 55 => shared.New() is { } picture ? UploadAsync(picture) : DoomedAsync(),
        < 65 => ManyAsync(),
        < 75 => AgainAsync(),
        < 80 => journal.Make(PictureKind.Broken) is { } broken ? UploadAsync(broken) : DoomedAsync(),
        < 88 => ContendAsync(),
        < 96 => shared.Any(random) is { } kept ? AnalyzeAsync(kept) : Task.CompletedTask,
        _ => SendAsync(HttpMethod.Post, "/api/operations/stages/analyze-image/run-missing", null, null),
    };

    // One of its own pictures, one step further: uploaded, changed, analysed again, deleted, perhaps uploaded again.
    private async Task DoomedAsync()
    {
        if ((_doomed.Count < 4 || random.Next(3) == 0) && journal.Make(PictureKind.Doomed) is { } made)
            _doomed.Add(made);
        if (_doomed.Count == 0)
            return;
        var picture = _doomed[random.Next(_doomed.Count)];
        if (!picture.Usable)
            _doomed.Remove(picture);
        else if (!picture.MustExist)
            await UploadAsync(picture);
        else if (random.Next(4) is var step && step == 0)
            await DeleteAsync(picture);
        else if (step == 1)
            await AnalyzeAsync(picture);
        else
            await ChangeAsync(picture);
    }

    private async Task AgainAsync()
    {
        if (shared.Any(random) is { } picture)
            await Task.WhenAll(Enumerable.Range(0, random.Next(1, 3)).Select(_ => UploadAsync(picture)));
    }

    private Task ContendAsync()
    {
        var picture = shared.Contended(random);
        return random.Next(3) switch { 0 => DeleteAsync(picture), 1 => AnalyzeAsync(picture), _ => UploadAsync(picture) };
    }

    /// <summary>Uploads a picture once.</summary>
    public async Task UploadAsync(Picture picture)
    {
        picture.Uploading();
        using var body = new ByteArrayContent(picture.Bytes);
        body.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        body.Headers.Add("X-File-Name", picture.Name);
        if (await SendAsync(HttpMethod.Post, "/api/images", body, picture) is { } answer)
            Uploaded(picture, answer.Status, answer.Body);
    }

    private async Task ManyAsync()
    {
        List<Picture> pictures = [.. new[] { shared.New(), shared.New(), shared.Any(random) }.OfType<Picture>().Distinct()];
        if (pictures.Count < 2)
            return;
        using var body = new MultipartFormDataContent();
        foreach (var picture in pictures)
        {
            picture.Uploading();
            body.Add(new ByteArrayContent(picture.Bytes), "file", picture.Name);
        }

        if (await SendAsync(HttpMethod.Post, "/api/images", body, null) is not { Status: HttpStatusCode.MultiStatus } answer)
            return;
        foreach (var (picture, item) in pictures.Zip(answer.Body.GetProperty("items").EnumerateArray()))
            Uploaded(picture, (HttpStatusCode)item.GetProperty("status").GetInt32(), item.GetProperty("image"));
    }

    private void Uploaded(Picture picture, HttpStatusCode status, JsonElement record)
    {
        if (status is not (HttpStatusCode.OK or HttpStatusCode.Accepted))
            return;
        if (record.GetProperty("sha256").GetString() != picture.Sha256)
            journal.Violations.Enqueue($"{picture.Name}: acknowledged with another digest.");
        picture.Uploaded(record.GetProperty("id").GetGuid());
        journal.Count(status == HttpStatusCode.OK ? "duplicates acknowledged" : "uploads acknowledged");
        shared.Acknowledged(picture);
    }

    private async Task ChangeAsync(Picture picture)
    {
        var change = $"change-{Interlocked.Increment(ref _changes)}";
        picture.Changing(change);
        using var body = new StringContent($$"""{ "tags": ["{{change}}"], "archived": {{(random.Next(2) == 0 ? "true" : "false")}} }""", Encoding.UTF8, "application/merge-patch+json");
        var answer = await SendAsync(HttpMethod.Patch, $"/api/images/{picture.Ids[0]}", body, picture);
        if (answer?.Status == HttpStatusCode.OK)
        {
            picture.Changed(change);
            journal.Count("changes acknowledged");
        }
        else if (answer?.Status == HttpStatusCode.NotFound)
        {
            journal.Violations.Enqueue($"{picture.Name}: acknowledged, and not there when it was to be changed.");
        }
    }

    private async Task AnalyzeAsync(Picture picture)
    {
        if (picture.Ids is [var id, ..] && await SendAsync(HttpMethod.Post, $"/api/images/{id}/analyze", null, picture) is { Status: HttpStatusCode.Accepted })
            journal.Count("analyses asked for again");
    }

    private async Task DeleteAsync(Picture picture)
    {
        if (picture.Ids is not [var id, ..])
            return;
        picture.Deleting();
        switch ((await SendAsync(HttpMethod.Delete, $"/api/images/{id}", null, picture))?.Status)
        {
            case HttpStatusCode.NoContent:
                picture.Deleted();
                journal.Count("deletions acknowledged");
                break;
            case HttpStatusCode.NotFound when picture.Kind == PictureKind.Contended:
                picture.Deleted();
                break;
            case HttpStatusCode.NotFound:
                journal.Violations.Enqueue($"{picture.Name}: acknowledged, and not there when it was to be deleted.");
                break;
        }
    }

    /// <summary>The answer; null when none came.</summary>
    private async Task<(HttpStatusCode Status, JsonElement Body)?> SendAsync(HttpMethod method, string path, HttpContent? body, Picture? picture)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = body };
            using var answer = await http.SendAsync(request);
            var json = answer.Content.Headers.ContentLength == 0 || answer.StatusCode == HttpStatusCode.NoContent ? default : await answer.Content.ReadFromJsonAsync<JsonElement>();
            if (answer.StatusCode == HttpStatusCode.InternalServerError)
                journal.Violations.Enqueue($"{method} {path}: 500 {json}");
            journal.Count("calls answered");
            return (answer.StatusCode, json);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException)
        {
            journal.Count("calls broken off");
        }
        catch (OperationCanceledException)
        {
            journal.Count("calls without an answer in time");
            picture?.GiveUp();
        }

        return null;
    }
}
