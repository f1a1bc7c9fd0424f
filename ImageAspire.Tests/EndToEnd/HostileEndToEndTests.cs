using ImageAspire.Tests.Embedded;
using ImageAspire.Tests.Hostile;

namespace ImageAspire.Tests.EndToEnd;

/// <summary>Files made to hurt, by HTTP through real processes.</summary>
[Collection(EndToEndTests.Name)]
public sealed class HostileEndToEndTests : IDisposable
{
    private const int LargestFile = 1 << 20; // the rest of the corpus goes through the same wall without HTTP
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Upload_HostileFiles_EndRejectedOrAnalyzedByTheSameWorker()
    {
        await using var app = await RunningApp.StartAsync(_folder.Root, workers: 1);
        var files = HostileCorpus.All().Where(file => file.Bytes.Length <= LargestFile && !file.Name.EndsWith("cut off", StringComparison.Ordinal))
            .DistinctBy(file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(file.Bytes))).ToList();
        var images = new List<(Guid Id, HostileFile File)>();
        foreach (var file in files)
            images.Add((await app.UploadAsync(file.Bytes, file.Name), file));

        foreach (var (id, file) in images)
        {
            await Eventually.TrueAsync(async () => await app.FindAsync(id) is { } record && record.GetProperty("status").GetString() is "rejected" or "analyzed" or "failed", TimeSpan.FromMinutes(2));
            var record = (await app.FindAsync(id))!.Value;
            record.GetProperty("status").GetString().ShouldNotBe("failed", file.Name);
            if (file.Code is not null)
                record.GetProperty("failure").GetProperty("code").GetString().ShouldBe(file.Code, file.Name);
        }

        images.Count.ShouldBeGreaterThan(200);
        Processes.IsAlive(app.ProcessesOf("worker").ShouldHaveSingleItem()).ShouldBeTrue();
        await app.AnalyzedAsync(await app.UploadAsync(TestImages.Jpeg(seed: 3)));
    }

    [Fact]
    public async Task Decoders_KilledOrOrphaned_LeaveTheWorkerAloneAndNoProcessBehind()
    {
        await using var app = await RunningApp.StartAsync(_folder.Root, workers: 1);
        await app.AnalyzedAsync(await app.UploadAsync(TestImages.Jpeg(seed: 1)));
        var worker = app.ProcessesOf("worker")[0];
        var decoders = Processes.ChildrenOf(worker);
        decoders.ShouldNotBeEmpty();
        (await File.ReadAllTextAsync($"/proc/{decoders[0]}/environ")).ShouldNotContain("Embedded__");

        foreach (var decoder in decoders)
            Processes.Kill(decoder);
        await app.AnalyzedAsync(await app.UploadAsync(TestImages.Jpeg(seed: 2)));

        app.ProcessesOf("worker").ShouldHaveSingleItem().ShouldBe(worker);
        decoders = Processes.ChildrenOf(worker);
        decoders.ShouldNotBeEmpty();
        Processes.Kill(worker);
        await Eventually.TrueAsync(() => !decoders.Any(Processes.IsAlive));
    }
}
