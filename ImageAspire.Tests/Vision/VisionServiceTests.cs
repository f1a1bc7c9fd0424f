using ImageAspire.Tests.EndToEnd;
using ImageAspire.Tests.Hostile;
using ImageAspire.Tests.Http;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Vision;

/// <summary>The vision service in the whole system. After the other tests: it needs the processor for itself.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class VisionServiceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Upload_PhotoOfPeople_IsSeenByTheLocalService()
    {
        Requires.VisionModels();
        await using var app = await RunningApp.StartAsync(_folder.Root, workers: 1, vision: true);
        var id = await app.UploadAsync(await PhotoOfPeople.ReadAsync(), "People.jpg");

        await app.AnalyzedAsync(id);

        var analysis = (await app.FindAsync(id))!.Analysis!;
        analysis.Provider.ShouldBe("local-vision");
        analysis.Caption.ShouldNotBeNull().ShouldContain("people");
        analysis.People!.Count.ShouldBeGreaterThanOrEqualTo(3);
        analysis.Tags!.ShouldContain(tag => tag.Name == "person");
    }

    [Fact]
    public async Task VisionKilled_InMidAnalysis_ImagesWaitAndNoneFails()
    {
        Requires.VisionModels();
        await using var app = await RunningApp.StartAsync(_folder.Root, workers: 1, vision: true);
        var ids = await app.UploadManyAsync(12);
        await app.AuditAsync("image.analyzed", atLeast: 1);

        Processes.Kill(app.ProcessesOf("vision")[^1]);

        await app.AnalyzedAsync(ids);
        app.ProcessesOf("vision").Count.ShouldBe(2);
        (await app.Client.GetItemsAsync<AuditEntryDto>("/api/audit?type=image.failed")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Vision_UnderAppHost_HasItsKeyAndNoSettingOfOthers()
    {
        Requires.Linux();
        Requires.VisionModels();
        var secrets = new Dictionary<string, string> { ["ConnectionStrings__images"] = "a-secret-of-others", ["SOME_TOKEN"] = "a-secret-of-others" };
        await using var app = await AppHostProcess.Launch(_folder.Root, secrets, "--vision", "local").RunsAsync();
        List<int> found = [];
        await Eventually.TrueAsync(() => (found = [.. Processes.With("cmdline", "ImageAspire.Vision").Where(id => Processes.VariableOf(id, "OTEL_SERVICE_NAME") == "vision" && IsOf(app, id))]).Count > 0);

        foreach (var id in found)
        {
            File.ReadAllText($"/proc/{id}/environ").ShouldNotContain("a-secret-of-others");
            Processes.VariableOf(id, "Vision__Key").ShouldNotBeNullOrEmpty();
            File.ReadAllText($"/proc/{id}/cmdline").ShouldNotContain(Processes.VariableOf(id, "Vision__Key")!);
        }

        Processes.VariableOf(app.Services()[0], "ConnectionStrings__images").ShouldBe("a-secret-of-others"); // else there was nothing to keep from it
    }
}
