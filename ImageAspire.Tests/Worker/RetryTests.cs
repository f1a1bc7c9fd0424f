using System.Net;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Api;
using ImageAspire.Tests.Http;
using ImageAspire.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageAspire.Tests.Worker;

/// <summary>An image that failed, its dead letter, and an operator who tries again: Api, topic and stages together.</summary>
public sealed class RetryTests : IAsyncLifetime
{
    private const string Letters = "/api/operations/dead-letters";
    private static readonly WorkerOptions Options = new() { Attempts = 2, BackoffBase = TimeSpan.FromMilliseconds(10), BackoffCap = TimeSpan.FromMilliseconds(10) };
    private readonly ApiHost _host = new();
    private readonly Moody _moody = new();
    private readonly List<IAsyncDisposable> _stages = [];

    public async ValueTask InitializeAsync()
    {
        await StartAsync(StageCatalog.InspectImage, new InspectImage(_host.Catalog, _host.Blobs, _moody, TimeProvider.System));
        await StartAsync(StageCatalog.AnalyzeImage, new AnalyzeImage(_host.Catalog, _host.Blobs, _moody, new VectorMaker(new FakeVectorizer(), _host.Blobs), TimeProvider.System));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var stage in _stages)
            await stage.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData("analyze-image", nameof(AnalyzeImage))]
    [InlineData("inspect-image", nameof(InspectImage))]
    public async Task Retry_StageWorksAgain_LeadsToAnalyzed(string subscription, string stage)
    {
        _moody.Fails = stage;
        var id = await _host.UploadAsync(1);
        await BecomesAsync(id, "failed");
        var letter = (await LettersAsync(1)).ShouldHaveSingleItem();
        letter.Subscription.ShouldBe(subscription);
        letter.ImageId.ShouldBe(id);
        letter.DeliveryCount.ShouldBe(2);
        (await RecordAsync(id)).Failure!.Stage.ShouldBe(stage);

        _moody.Fails = null;
        using var answer = await _host.Client.PostAsync($"{Letters}/{letter.Id}/retry", null);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await BecomesAsync(id, "analyzed");
        (await RecordAsync(id)).Failure.ShouldBeNull();
        (await LettersAsync(0)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Retry_StageStillFails_EndsFailedWithANewDeadLetter()
    {
        _moody.Fails = nameof(AnalyzeImage);
        var id = await _host.UploadAsync(1);
        await BecomesAsync(id, "failed");
        var before = (await LettersAsync(1))[0].Id;
        var version = (await RecordAsync(id)).Version;

        (await _host.Client.PostAsync($"{Letters}/{before}/retry", null)).Dispose();

        await Eventually.TrueAsync(async () => await RecordAsync(id) is var record
            && record.Status == "failed" && record.Version > version);
        var after = (await LettersAsync(1)).ShouldHaveSingleItem();
        after.ImageId.ShouldBe(id);
        after.Id.ShouldNotBe(before);
    }

    [Fact]
    public async Task RetryMany_ManyFailedImages_AllEndAnalyzed()
    {
        _moody.Fails = nameof(AnalyzeImage);
        var ids = new List<Guid>();
        for (var seed = 1; seed <= 8; seed++)
            ids.Add(await _host.UploadAsync(seed));
        await LettersAsync(8);
        _moody.Fails = null;

        // Two operators at once: together they retry each of them once.
        var answers = await Task.WhenAll(RetryManyAsync(), RetryManyAsync());

        answers.Sum().ShouldBe(8);
        foreach (var id in ids)
            await BecomesAsync(id, "analyzed");
        (await LettersAsync(0)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Retry_ImageAnalyzedMeanwhile_ChangesNothing()
    {
        _moody.Fails = nameof(AnalyzeImage);
        var id = await _host.UploadAsync(1);
        await BecomesAsync(id, "failed");
        var letter = (await LettersAsync(1))[0].Id;
        _moody.Fails = null;
        (await _host.Client.PostAsync($"/api/images/{id}/analyze", null)).Dispose();
        await BecomesAsync(id, "analyzed");
        var version = (await RecordAsync(id)).Version;

        using var answer = await _host.Client.PostAsync($"{Letters}/{letter}/retry", null);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var topic = _host.Services.GetRequiredService<ITopicOperations>();
        await Eventually.TrueAsync(async () => (await topic.GetStatusAsync(CancellationToken.None))
            .Single(one => one.Name == "analyze-image") is { Active: 0, InFlight: 0, DeadLettered: 0 });
        (await RecordAsync(id)).Version.ShouldBe(version);
    }

    [Fact]
    public async Task Retry_TheEvent_NamesTheOperatorAndStaysInTheImagesTrace()
    {
        _moody.Fails = nameof(AnalyzeImage);
        var id = await _host.UploadAsync(1);
        await BecomesAsync(id, "failed");
        var letter = (await LettersAsync(1))[0];
        var restart = new TaskCompletionSource<ImageEvent>();
        await using var watcher = await _host.Services.GetRequiredService<IEventBus>().SubscribeAsync(
            new SubscriptionOptions("watcher") { IsInstance = true }, (message, _) =>
            {
                restart.TrySetResult(message.Event);
                return Task.FromResult(MessageOutcome.Completed);
            }, CancellationToken.None);

        (await _host.Client.PostAsync($"{Letters}/{letter.Id}/retry", null)).Dispose();

        var e = await restart.Task.WaitAsync(TimeSpan.FromSeconds(30));
        e.Type.ShouldBe(ImageEventTypes.Inspected);
        e.Data.Actor.ShouldBe("all");
        e.TraceParent!.ShouldContain(letter.TraceId!);
    }

    private async Task StartAsync(StageDefinition definition, IStage stage)
    {
        var runner = new StageExecutor(definition, stage, Options, TimeProvider.System, NullLogger.Instance);
        var options = new SubscriptionOptions(definition.Subscription) { Types = definition.EventTypes, Concurrency = 2, MaxDeliveryCount = 20 };
        _stages.Add(await _host.Services.GetRequiredService<IEventBus>().SubscribeAsync(
            options, (message, lockLost) => runner.HandleAsync(message, lockLost, CancellationToken.None), CancellationToken.None));
    }

    private Task<ImageDto> RecordAsync(Guid id) => _host.Client.GetAsync<ImageDto>($"/api/images/{id}");

    private Task BecomesAsync(Guid id, string status) =>
        Eventually.TrueAsync(async () => (await RecordAsync(id)).Status == status);

    /// <summary>The dead letters, once there are so many: the record says failed a moment before its message is dead.</summary>
    private async Task<IReadOnlyList<DeadLetterDto>> LettersAsync(int count)
    {
        IReadOnlyList<DeadLetterDto> letters = [];
        await Eventually.TrueAsync(async () =>
        {
            letters = await _host.Client.GetItemsAsync<DeadLetterDto>(Letters);
            return letters.Count == count;
        });
        return letters;
    }

    private async Task<int> RetryManyAsync()
    {
        using var answer = await _host.Client.PostAsync($"{Letters}/retry?subscription=analyze-image", null);
        return (await answer.ReadAsync<RetriedDto>()).Retried;
    }

    /// <summary>Decodes and analyses nothing, and fails when the test wants it.</summary>
    private sealed class Moody : IImageDecoder, IImageAnalyzer
    {
        public string? Fails { get; set; }

        public bool CanDecode => false;

        public Task<InspectedImage> InspectAsync(Stream content, ImageFormat format, CancellationToken cancellationToken) => Fails == nameof(InspectImage)
            ? throw new InvalidOperationException("The codec is in a bad mood.")
            : Task.FromResult(new InspectedImage(new ImageHeader { Format = format, Width = 600, Height = 450 }, null));

        public Task<ImageAnalysis> AnalyzeAsync(ImageRecord record, OpenImage open, CancellationToken cancellationToken) => Fails == nameof(AnalyzeImage)
            ? throw new InvalidOperationException("The analyser is in a bad mood.")
            : Task.FromResult(Samples.Analysis);
    }
}
