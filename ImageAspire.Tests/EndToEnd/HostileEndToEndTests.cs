using ImageAspire.Tests.Hostile;

namespace ImageAspire.Tests.EndToEnd;

/// <summary>Files made to hurt, by HTTP through real processes.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class HostileEndToEndTests(SharedApp shared)
{
    private const int LargestFile = 1 << 20, OneOf = 3; // all of the corpus goes through the same wall without HTTP
    private RunningApp App => shared.Running;

    [Fact]
    public async Task Upload_HostileFiles_EndRejectedOrAnalyzedByTheSameWorker()
    {
        using var folder = new TempFolder();
        await using var app = await RunningApp.StartAsync(folder.Root, workers: 1);
        var files = HostileCorpus.All().Where(file => file.Bytes.Length <= LargestFile && !file.Name.EndsWith("cut off", StringComparison.Ordinal))
            .DistinctBy(file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(file.Bytes))).Where((_, i) => i % OneOf == 0).ToList();
        var images = new List<(Guid Id, HostileFile File)>();
        foreach (var file in files)
            images.Add((await app.UploadAsync(file.Bytes, file.Name), file));

        foreach (var (id, file) in images)
        {
            await Eventually.TrueAsync(async () => await app.FindAsync(id) is { } record && record.Status is "rejected" or "analyzed" or "failed", TimeSpan.FromMinutes(2));
            var record = (await app.FindAsync(id))!;
            record.Status.ShouldNotBe("failed", file.Name);
            if (file.Code is not null)
                record.Failure!.Code.ShouldBe(file.Code, file.Name);
        }

        images.Count.ShouldBeGreaterThan(200 / OneOf);
        Processes.IsAlive(app.ProcessesOf("worker").ShouldHaveSingleItem()).ShouldBeTrue();
        await app.AnalyzedAsync(await app.UploadAsync(TestImages.Jpeg(seed: 3)));
    }

    [Fact]
    public async Task Decoders_KilledOrOrphaned_LeaveTheWorkerAloneAndNoProcessBehind()
    {
        await App.AnalyzedAsync(await App.UploadAsync(TestImages.Jpeg(seed: 1)));
        var name = new[] { "worker-1", "worker-2" }.First(one => Processes.ChildrenOf(App.ProcessesOf(one)[^1]).Count > 0);
        var worker = App.ProcessesOf(name)[^1];
        var decoders = Processes.ChildrenOf(worker);
        decoders.ShouldNotBeEmpty();
        (await File.ReadAllTextAsync($"/proc/{decoders[0]}/environ")).ShouldNotContain("Embedded__");

        foreach (var decoder in decoders)
            Processes.Kill(decoder);
        await App.AnalyzedAsync(await App.UploadAsync(TestImages.Jpeg(seed: 2)));

        App.ProcessesOf(name)[^1].ShouldBe(worker);
        decoders = Processes.ChildrenOf(worker);
        Processes.Kill(worker);
        await Eventually.TrueAsync(() => !decoders.Any(Processes.IsAlive));
        await Eventually.TrueAsync(() => App.ProcessesOf(name)[^1] != worker); // other tests of this system want its workers
    }
}
