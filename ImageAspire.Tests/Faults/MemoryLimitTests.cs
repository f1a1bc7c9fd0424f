using ImageAspire.Tests.EndToEnd;
using ImageAspire.Tests.Faults.Crashes;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Faults;

/// <summary>Many large images come to a Worker that may use little memory, as in a small container.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class MemoryLimitTests : IDisposable
{
    private const int Images = 24, HeapMiB = 24;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Worker_WithAHardLimitOfItsHeap_EveryImageEndsAndItLivesOn()
    {
        using var system = new CrashSystem(CrashRunFixture.Options(_folder.Root));
        var reader = new ApiReader(system.Http);
        using var api = system.StartApi();
        (await system.AnswersAsync(api, CancellationToken.None)).ShouldBeTrue(string.Join('\n', api.Lines));
        await UploadAsync(system.Http);

        // As a service manager does: what ends is started again.
        var lives = 0;
        ChildService? worker = null;
        try
        {
            await Eventually.TrueAsync(async () =>
            {
                if (worker?.HasExited != false)
                {
                    worker?.Dispose();
                    worker = system.StartWorker(null, new()
                    {
                        ["DOTNET_GCHeapHardLimit"] = $"0x{HeapMiB << 20:x}", ["Worker__Concurrency"] = "8", ["Imaging__DecoderMemoryBytes"] = $"{128 << 20}",
                    });
                    (++lives).ShouldBeLessThanOrEqualTo(CrashSystem.Attempts, string.Join('\n', worker.Lines));
                }

                return await reader.DepthAsync() is { Waiting: 0 };
            }, TimeSpan.FromSeconds(120));

            var (records, audit) = (await reader.ImagesAsync(), await reader.AuditAsync());
            records.Count.ShouldBe(Images);
            foreach (var record in records)
                (record is { Status: "analyzed" } or { Status: "rejected" or "failed", Failure.Message.Length: > 0 }).ShouldBeTrue(record.ToString());
            AuditCheck.Violations(audit, records).ShouldBeEmpty();
            // Each of them fits.
            records.Where(record => record.Status != "analyzed").Select(record => $"{record.Name}: {record.Failure}").ShouldBeEmpty(string.Join('\n', worker!.Lines));
            lives.ShouldBe(1, string.Join('\n', worker.Lines));
            worker.HasExited.ShouldBeFalse();
        }
        finally
        {
            worker?.Dispose();
        }
    }

    // 12 megapixels, 12 MB each, half of them in a format that is decoded as a whole.
    private static async Task UploadAsync(HttpClient client)
    {
        var (jpeg, png) = (TestImages.Jpeg(4000, 3000, padTo: 12_000_000), TestImages.Png(4000, 3000));
        await Parallel.ForAsync(0, Images, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, token) =>
        {
            // Bytes after the end of an image are allowed, and make another file of it.
            using var body = new ByteArrayContent([.. number % 2 == 0 ? jpeg : png, .. BitConverter.GetBytes(number)]);
            using var answer = await client.PostAsync("/api/images", body, token);
            (await answer.ReadAsync<ImageDto>(token)).Status.ShouldBe("received");
        });
    }
}
