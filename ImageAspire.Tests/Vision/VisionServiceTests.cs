using ImageAspire.Tests.EndToEnd;
using ImageAspire.Tests.Hostile;
using ImageAspire.Tests.Http;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Vision;

/// <summary>The vision service in the whole system.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class VisionServiceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Upload_PhotoOfPeople_IsSeenByTheLocalService()
    {
        VisionModels.Require();
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
        VisionModels.Require();
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
        VisionModels.Require();
        const string Secret = "a-secret-of-others";
        var variables = new Dictionary<string, string> { ["ConnectionStrings__images"] = Secret, ["SOME_TOKEN"] = Secret, ["Logging__Of"] = _folder.Root };
        await using var app = await AppHostProcess.Launch(_folder.Root, variables, "--vision", "local").RunsAsync();
        List<int> found = [];
        await Eventually.TrueAsync(() => (found = [.. Processes.WithVariable("Logging__Of", _folder.Root).Where(IsVision)]).Count > 0);

        foreach (var id in found)
        {
            (await File.ReadAllTextAsync($"/proc/{id}/environ")).ShouldNotContain(Secret);
            Processes.VariableOf(id, "Vision__Key").ShouldNotBeNullOrEmpty();
            (await File.ReadAllTextAsync($"/proc/{id}/cmdline")).ShouldNotContain(Processes.VariableOf(id, "Vision__Key")!);
        }

        Processes.VariableOf(app.Services()[0], "ConnectionStrings__images").ShouldBe(Secret); // else there was nothing to keep from it
    }

    private static bool IsVision(int id) => File.ReadAllText($"/proc/{id}/cmdline").Contains("ImageAspire.Vision", StringComparison.Ordinal);
}
