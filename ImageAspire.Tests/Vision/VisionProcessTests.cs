using ImageAspire.Tests.EndToEnd;
using ImageAspire.Tests.Hostile;
using ImageAspire.Tests.Requirements;
using ImageAspire.Vision.Models;

namespace ImageAspire.Tests.Vision;

/// <summary>The program: how it starts, what it says when it cannot, and how it ends.</summary>
[Trait("Category", "Slow")]
public sealed class VisionProcessTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_WrongSettings_NamesEachAndNoSecret()
    {
        await using var vision = VisionProcess.Launch(("Vision__Key", "secret ä"), ("Vision__Queue", "0"), ("Vision__AtOnce", "-1"), ("Vision__TimeLimit", "01:00:00"));

        (await vision.ExitAsync()).ShouldBe(1);
        foreach (var key in (string[])["Vision:Key", "Vision:Queue", "Vision:AtOnce", "Vision:TimeLimit"])
            vision.Output.ShouldContain(key);
        vision.Output.ShouldNotContain("secret");
        vision.Output.Split('\n').Length.ShouldBe(5);
    }

    [Fact]
    public async Task Start_WithoutAKey_SaysSo()
    {
        await using var vision = VisionProcess.Launch(("Vision__Key", ""));

        (await vision.ExitAsync()).ShouldBe(1);
        vision.Output.ShouldContain("Vision:Key must have 8 to 512 printable ASCII characters");
    }

    [Fact]
    public async Task Start_NoModels_SaysHowToGetThemInOneLine()
    {
        await using var vision = VisionProcess.Launch(("Vision__Models", _folder.Root));

        (await vision.ExitAsync()).ShouldBe(1);
        var line = Complaint(vision);
        line.ShouldContain("dotnet build ImageAspire.Vision -t:InstallModels");
        line.ShouldContain(_folder.Root);
    }

    [Theory]
    [InlineData("objects.onnx")]
    [InlineData("text-recognition.onnx")]
    public async Task Start_ModelIsTruncated_SaysWhichInOneLine(string model)
    {
        CopyNeededModels();
        using (var file = File.OpenWrite(Path.Combine(_folder.Root, model)))
            file.SetLength(file.Length / 2);
        await using var vision = VisionProcess.Launch(("Vision__Models", _folder.Root));

        (await vision.ExitAsync()).ShouldBe(1);
        var line = Complaint(vision);
        line.ShouldContain($"'{model}'");
        line.ShouldContain("dotnet build ImageAspire.Vision -t:InstallModels");
    }

    [Fact]
    public async Task Start_WithoutModelsOfEmbeddings_IsReadyAndHasNoVectors()
    {
        CopyNeededModels();
        await using var vision = VisionProcess.Launch(("Vision__Models", _folder.Root));
        using var client = await vision.RunsAsync();

        await (await VisionProcess.AnalyzeAsync(client, TestImages.Jpeg(100, 100))).OkAsync();
        await (await client.PostAsync("/computervision/retrieval:vectorizeText", new StringContent("{}"))).ShouldBeErrorAsync(404, "404");
    }

    [Fact]
    public async Task Run_ParentGoes_EndsAndLeavesNoDecoder()
    {
        Requires.Linux();
        VisionModels.Require();
        await using var vision = VisionProcess.Launch(("IMAGEASPIRE_STOP_WITH_PARENT", "1"));
        using var client = await vision.RunsAsync();
        var decoders = Processes.ChildrenOf(vision.Id);
        decoders.ShouldNotBeEmpty(); // of the warm-up

        vision.Input.Close();

        (await vision.ExitAsync()).ShouldBe(0);
        await Eventually.TrueAsync(() => !decoders.Any(Processes.IsAlive));
    }

    [Fact]
    public async Task Run_SigTermInMidAnalysis_AnswersFirst()
    {
        Requires.Linux();
        VisionModels.Require();
        await using var vision = VisionProcess.Launch();
        using var client = await vision.RunsAsync();
        var answers = Enumerable.Range(0, 4).Select(_ => VisionProcess.AnalyzeAsync(client, TestImages.Jpeg(1200, 900))).ToList();
        await await Task.WhenAny(answers);

        vision.Signal(AppHostProcess.SigTerm);

        foreach (var answer in await Task.WhenAll(answers))
            await answer.OkAsync();
        (await vision.ExitAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Run_KilledInMidAnalysis_LeavesNoDecoderAndNoFile() // nor what ONNX Runtime writes for its telemetry
    {
        Requires.Linux();
        VisionModels.Require();
        var temporary = Path.Combine(_folder.Root, "tmp");
        Directory.CreateDirectory(temporary);
        await using var vision = VisionProcess.Launch(("TMPDIR", temporary), ("HOME", temporary), ("XDG_CACHE_HOME", temporary), ("DOTNET_EnableDiagnostics", "0"));
        using var client = await vision.RunsAsync();
        var requests = Enumerable.Range(0, 6).Select(_ => VisionProcess.AnalyzeAsync(client, TestImages.Jpeg(1200, 900, padTo: 5_000_000))).ToList();
        await await Task.WhenAny(requests);
        var decoders = Processes.ChildrenOf(vision.Id);

        vision.Kill();

        await vision.ExitAsync();
        foreach (var request in requests)
            await ((Task)request).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await Eventually.TrueAsync(() => !decoders.Any(Processes.IsAlive));
        Directory.GetFileSystemEntries(temporary).ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_DecoderKilledInMidImage_ServesItAllTheSame()
    {
        Requires.Linux();
        VisionModels.Require();
        await using var vision = VisionProcess.Launch();
        using var client = await vision.RunsAsync();
        var request = VisionProcess.AnalyzeAsync(client, FlatPng.Write(8000, 8000), "tags");
        await Eventually.TrueAsync(() => Processes.ChildrenOf(vision.Id).Count > 0);

        Processes.Kill(Processes.ChildrenOf(vision.Id)[0]);

        await (await request).OkAsync();
    }

    // What the decoder says of itself, which starts beside the engines, is no complaint.
    private static string Complaint(VisionProcess vision) =>
        vision.Output.Split('\n').Where(line => !line.Contains(" info: ", StringComparison.Ordinal)).ShouldHaveSingleItem();

    private void CopyNeededModels()
    {
        VisionModels.Require();
        foreach (var file in ModelLock.Current.Files.Where(file => !file.Optional))
            File.Copy(Path.Combine(VisionModels.Folder.Path, file.Name), Path.Combine(_folder.Root, file.Name));
    }
}
