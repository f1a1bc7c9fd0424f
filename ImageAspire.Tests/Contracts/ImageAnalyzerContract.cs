using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Contracts;

/// <summary>What every <see cref="IImageAnalyzer"/> does.</summary>
public abstract class ImageAnalyzerContract
{
    /// <summary>An inspected record with everything measured.</summary>
    private protected static readonly ImageRecord Measured = Samples.In(ImageStatus.Inspected) with
    {
        Width = 600, Height = 450, Orientation = 1, Colors = new ImageColors(["#4488ee", "#22aa33"], "#4488ee", 0.8, 0.2, 0.7, false),
        TakenAtLocal = new DateTime(2024, 5, 1, 14, 30, 0), Camera = new CameraInfo("Acme", "Model"),
    };

    private protected abstract IImageAnalyzer Create();

    [Fact]
    public async Task Analyze_InspectedImage_IsWellFormed()
    {
        var before = DateTimeOffset.UnixEpoch;
        var seen = await AnalyzeAsync(Measured);

        seen.Provider.ShouldNotBeNullOrWhiteSpace();
        seen.Model.ShouldNotBeNullOrWhiteSpace();
        seen.AnalyzedAt.ShouldBeGreaterThan(before);
        seen.AnalyzedAt.Offset.ShouldBe(TimeSpan.Zero);
        seen.Tags.ShouldNotBeEmpty();
        seen.Tags.ShouldAllBe(t => t.Name.Trim().Length > 0 && !t.Name.Any(char.IsUpper) && t.Confidence >= 0 && t.Confidence <= 1);
        seen.Tags.Select(t => t.Name).ShouldBeUnique();
        // What is in the image first, then what was measured on it; each most confident first.
        seen.Tags.Select(t => MeasuredFacts.Contains(t.Name)).ShouldBeInOrder(SortDirection.Ascending);
        seen.Tags.GroupBy(t => MeasuredFacts.Contains(t.Name)).ShouldAllBe(group => group.SequenceEqual(group.OrderByDescending(t => t.Confidence)));
        seen.Caption.ShouldNotBeNull().ShouldEndWith(".");
    }

    [Fact]
    public async Task Analyze_SameImageTwice_SaysTheSame()
    {
        var (first, second) = (await AnalyzeAsync(Measured), await AnalyzeAsync(Measured));

        (second.Caption, string.Join(',', second.Tags)).ShouldBe((first.Caption, string.Join(',', first.Tags)));
    }

    [Fact]
    public async Task Analyze_TokenEnded_Stops()
    {
        using var ended = new CancellationTokenSource();
        await ended.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Create().AnalyzeAsync(Measured, Open, ended.Token));
    }

    private protected Task<ImageAnalysis> AnalyzeAsync(ImageRecord record) => Create().AnalyzeAsync(record, Open, default);

    private protected static Task<Stream> Open(ThumbnailInfo? thumbnail, CancellationToken cancellationToken) => Task.FromResult<Stream>(new MemoryStream(TestImages.Jpeg(600, 450)));
}
