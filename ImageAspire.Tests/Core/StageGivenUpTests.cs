using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Worker;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageAspire.Tests.Core;

/// <summary>A Worker dies between the failure on the record and the dead letter.</summary>
public sealed class StageGivenUpTests : IAsyncDisposable
{
    private readonly StageHost _host = new();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Inspect_FailureIsWrittenAndNotDeadLettered_TheNextDeliveryDeadLettersIt()
    {
        var received = (await _host.UploadAsync(TestImages.Jpeg(seed: 10))).Record;
        await _host.Blobs.DeleteAsync(received.BlobName, CancellationToken.None);

        await DeliverTwiceAsync(StageCatalog.InspectImage, new InspectImage(_host.Catalog, _host.Blobs, new NotAsked(), TimeProvider.System), FailureCodes.ContentUnavailable);
    }

    [Fact]
    public async Task Analyze_FailureIsWrittenAndNotDeadLettered_TheNextDeliveryDeadLettersIt()
    {
        var received = (await _host.UploadAsync(TestImages.Jpeg(seed: 11))).Record;
        await _host.Catalog.CommitAsync([ImageLifecycle.Inspect(received, Samples.Facts, Samples.Someone)], CancellationToken.None);

        await DeliverTwiceAsync(StageCatalog.AnalyzeImage, new AnalyzeImage(_host.Catalog, _host.Blobs, new Refuses(), new VectorMaker(new FakeVectorizer(), _host.Blobs), TimeProvider.System), "InvalidImageSize");
    }

    [Fact]
    public async Task Inspect_AnotherStageGaveTheImageUp_TheMessageIsDone()
    {
        var received = (await _host.UploadAsync(TestImages.Jpeg(seed: 12))).Record;
        var e = _host.Events[^1];
        var failure = Samples.Why with { Stage = nameof(AnalyzeImage) };
        var inspected = ImageLifecycle.Inspect(received, Samples.Facts, Samples.Someone);
        await _host.Catalog.CommitAsync([inspected], CancellationToken.None);
        await _host.Catalog.CommitAsync([ImageLifecycle.Fail(inspected.After!, failure, Samples.Someone)], CancellationToken.None);

        await new InspectImage(_host.Catalog, _host.Blobs, new NotAsked(), TimeProvider.System).ExecuteAsync(e, CancellationToken.None);

        (await _host.Catalog.GetAsync(received.Id, CancellationToken.None))!.Failure.ShouldBe(failure);
    }

    private async Task DeliverTwiceAsync(StageDefinition definition, IStage stage, string code)
    {
        var executor = new StageExecutor(definition, stage, new WorkerOptions(), TimeProvider.System, NullLogger.Instance);
        var e = _host.Events[^1];

        var first = await executor.HandleAsync(new ReceivedMessage(e, 1, Samples.Noon, 1), CancellationToken.None, CancellationToken.None);
        // The Worker dies here, and does not settle the message.
        var second = await executor.HandleAsync(new ReceivedMessage(e, 2, Samples.Noon, 1), CancellationToken.None, CancellationToken.None);

        first.ShouldBeOfType<MessageOutcome.DeadLetter>().Reason.ShouldBe(code);
        second.ShouldBe(first);
        _host.Events.Count(one => one.Type == ImageEventTypes.Failed).ShouldBe(1);
    }

    private sealed class NotAsked : IImageDecoder
    {
        public bool CanDecode => true;

        public Task<InspectedImage> InspectAsync(Stream content, ImageFormat format, CancellationToken cancellationToken) => throw new InvalidOperationException("not asked");
    }

    private sealed class Refuses : IImageAnalyzer
    {
        public Task<ImageAnalysis> AnalyzeAsync(ImageRecord record, OpenImage open, CancellationToken cancellationToken) =>
            throw new AnalyzerRefusedException("InvalidImageSize", "Too small.");
    }
}
