using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using ImageAspire.Tests.Hostile;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.EndToEnd;

/// <summary>Uploads, and waiting for what becomes of the images.</summary>
internal sealed partial class RunningApp
{
    public async Task<Guid> UploadAsync(byte[] file, string name = "photo.jpg")
    {
        using var answer = await PostAsync(file, name);
        answer.StatusCode.ShouldBeOneOf(HttpStatusCode.Accepted, HttpStatusCode.OK); // OK: the bytes are there already, from another test of the shared system
        return (await answer.ReadAsync<ImageDto>()).Id;
    }

    /// <summary>Suspends a worker and uploads. It may be suspended in the middle of a write, with the lock of the database: then it goes on for a moment.</summary>
    public async Task<Guid> UploadWhileSuspendedAsync(string worker, byte[] file)
    {
        while (true)
        {
            Processes.Signal(ProcessesOf(worker)[^1], Processes.Stop);
            using var answer = await PostAsync(file, "photo.jpg");
            if (answer.IsSuccessStatusCode)
                return (await answer.ReadAsync<ImageDto>()).Id;
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            Processes.Signal(ProcessesOf(worker)[^1], Processes.Continue);
        }
    }

    public async Task<List<Guid>> UploadManyAsync(int count, int firstSeed = 1)
    {
        var ids = new ConcurrentBag<Guid>();
        await Parallel.ForAsync(firstSeed, firstSeed + count, new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (seed, _) => ids.Add(await UploadAsync(TestImages.Jpeg(640, 480, seed))));
        return [.. ids];
    }

    private Task<HttpResponseMessage> PostAsync(byte[] file, string name)
    {
        var body = new ByteArrayContent(file);
        body.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        body.Headers.Add("X-File-Name", Uri.EscapeDataString(name));
        return Client.PostAsync(new Uri("/api/images", UriKind.Relative), body);
    }

    /// <summary>The record; null while the Api is down or the image is unknown.</summary>
    public async Task<ImageDto?> FindAsync(Guid id)
    {
        try
        {
            using var answer = await Client.GetAsync(new Uri($"/api/images/{id}", UriKind.Relative));
            return answer.IsSuccessStatusCode ? await answer.ReadAsync<ImageDto>() : null;
        }
        catch (HttpRequestException)
        {
            return null; // between two lives of the Api
        }
    }

    public Task AnalyzedAsync(Guid id) => Eventually.TrueAsync(async () =>
        await FindAsync(id) is { } record && record.Status == "analyzed", TimeSpan.FromSeconds(60));

    public async Task AnalyzedAsync(IEnumerable<Guid> ids)
    {
        foreach (var id in ids)
            await AnalyzedAsync(id);
    }

    /// <summary>Images of all audit entries of a type, once there are at least so many.</summary>
    public async Task<List<Guid>> AuditAsync(string type, int atLeast)
    {
        List<Guid> images = [];
        await Eventually.TrueAsync(async () =>
        {
            images = [.. (await Client.GetAllAsync<AuditEntryDto>($"/api/audit?limit=200&type={type}")).Select(entry => entry.ImageId!.Value)];
            return images.Count >= atLeast;
        });
        return images;
    }

    /// <summary>All audit entries of a type that are about these images, once there is one of each.</summary>
    public async Task<List<Guid>> AuditAsync(string type, IReadOnlyCollection<Guid> images)
    {
        List<Guid> found = [];
        await Eventually.TrueAsync(async () => images.All((found = [.. (await AuditAsync(type, images.Count)).Where(images.Contains)]).Contains));
        return found;
    }
}
