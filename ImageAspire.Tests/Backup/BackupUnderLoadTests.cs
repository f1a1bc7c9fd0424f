using System.Net.Http.Json;
using ImageAspire.Tests.EndToEnd;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Backup;

/// <summary>The commands beside the running system, as an operator would use them.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class BackupUnderLoadTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Data => Path.Combine(_folder.Root, "data");

    private string BackupFolder => Path.Combine(_folder.Root, "backup");

    private string Restored => Path.Combine(_folder.Root, "restored");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Backup_WhileEverythingIsUsed_HasEveryImageThatWasAcknowledgedBefore()
    {
        var before = new Dictionary<Guid, byte[]>();
        await using (var app = await RunningApp.StartAsync(Data, workers: 1))
        {
            for (var seed = 1; seed <= 12; seed++)
            {
                var bytes = TestImages.Jpeg(160, 120, seed, padTo: 20_000 + seed);
                before[await app.UploadAsync(bytes)] = bytes;
            }

            using var enough = new CancellationTokenSource();
            List<Task<int>> clients = [.. Enumerable.Range(0, 3).Select(client => UseAsync(app, client, enough.Token))];
            var made = await StoreCommand.RunAsync("backup", BackupFolder, "--data", Data);
            await enough.CancelAsync();
            (await Task.WhenAll(clients)).Sum().ShouldBeGreaterThan(0);

            made.ExitCode.ShouldBe(0, made.Text);
            made.Text.ShouldContain("Backup complete");
            var live = await StoreCommand.RunAsync("verify", "--data", Data);
            live.ExitCode.ShouldBe(0, live.Text);
        }

        var verified = await StoreCommand.RunAsync("verify", BackupFolder);
        verified.ExitCode.ShouldBe(0, verified.Text);
        var restored = await StoreCommand.RunAsync("restore", BackupFolder, "--data", Restored);
        restored.ExitCode.ShouldBe(0, restored.Text);

        await using var again = await RunningApp.StartAsync(Restored, workers: 1);
        var images = await ListAsync(again);
        before.Keys.ShouldBeSubsetOf(images);
        await again.AnalyzedAsync(images); // also those that were on their way
        foreach (var (id, bytes) in before)
            (await again.Client.GetByteArrayAsync($"/api/images/{id}/content")).ShouldBe(bytes);
        var sound = await StoreCommand.RunAsync("verify", "--data", Restored);
        sound.ExitCode.ShouldBe(0, sound.Text);
        var over = await StoreCommand.RunAsync("restore", BackupFolder, "--data", Restored);
        over.ExitCode.ShouldBe(1);
        over.Text.ShouldContain("never overwrites");
    }

    // Uploads, renames and deletes its own images until it is stopped; how many it uploaded.
    private static async Task<int> UseAsync(RunningApp app, int client, CancellationToken stop)
    {
        var mine = new Queue<Guid>();
        var count = 0;
        while (!stop.IsCancellationRequested)
        {
            mine.Enqueue(await app.UploadAsync(TestImages.Jpeg(32, 32, count, padTo: 1_000 * (client + 1) + count)));
            count++;
            using var renamed = await app.Client.PatchAsJsonAsync($"/api/images/{mine.Last()}", new { name = $"{count}.jpg" }, CancellationToken.None);
            if (mine.Count > 3)
                (await app.Client.DeleteAsync(new Uri($"/api/images/{mine.Dequeue()}", UriKind.Relative), CancellationToken.None)).EnsureSuccessStatusCode();
        }

        return count;
    }

    private static async Task<List<Guid>> ListAsync(RunningApp app)
    {
        var ids = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await app.Client.GetAsync<PageDto<ImageDto>>("/api/images?limit=200" + (cursor is null ? "" : $"&cursor={cursor}"));
            foreach (var item in page.Items)
                ids.Add(item.Id);
            cursor = page.Next;
        }
        while (cursor is not null);
        return ids;
    }
}
