using System.Diagnostics;
using ImageAspire.Tests.EndToEnd;
using ImageAspire.Tests.Hostile;
using ImageAspire.Tests.Http;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Vision;

/// <summary>The service's own tests, and the service in the whole system. After the other tests: it needs the processor for itself.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class VisionServiceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task NodeTests_All_Pass()
    {
        NodePackages.Vision.Require();
        var start = new ProcessStartInfo("node") { WorkingDirectory = NodePackages.Vision.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["--test", .. Directory.GetFiles(Path.Combine(NodePackages.Vision.Folder, "test"), "*.test.js")])
            start.ArgumentList.Add(argument);
        // `node --test` inside `node --test` would only report upwards; and the test host's settings are not the service's.
        start.Environment.Remove("NODE_TEST_CONTEXT");
        using var node = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            var (output, error) = (node.StandardOutput.ReadToEndAsync(patience.Token), node.StandardError.ReadToEndAsync(patience.Token));
            await node.WaitForExitAsync(patience.Token);
            node.ExitCode.ShouldBe(0, $"{await output}\n{await error}");
            (await output).ShouldContain("# fail 0");
        }
        finally
        {
            node.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task Upload_PhotoOfPeople_IsSeenByTheLocalService()
    {
        NodePackages.Vision.Require();
        await using var app = await RunningApp.StartAsync(_folder.Root, workers: 1, vision: true);
        var id = await app.UploadAsync(await PhotoOfPeopleAsync(), "People.jpg");

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
        NodePackages.Vision.Require();
        await using var app = await RunningApp.StartAsync(_folder.Root, workers: 1, vision: true);
        var ids = await app.UploadManyAsync(12);
        await app.AuditAsync("image.analyzed", atLeast: 1);

        Processes.Kill(app.ProcessesOf("vision")[^1]);

        await app.AnalyzedAsync(ids);
        app.ProcessesOf("vision").Count.ShouldBe(2);
        (await app.Client.GetItemsAsync<AuditEntryDto>("/api/audit?type=image.failed")).ShouldBeEmpty();
    }

    /// <summary>A photograph that comes with the model's package.</summary>
    private static Task<byte[]> PhotoOfPeopleAsync() =>
        File.ReadAllBytesAsync(Path.Combine(NodePackages.Vision.Folder, "node_modules", "@vladmandic", "human", "assets", "screenshot-facedetect.jpg"));
}
