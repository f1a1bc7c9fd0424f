using ImageAspire.Core.Events;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;
using ImageAspire.Embedded;
using ImageAspire.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Worker;

/// <summary>A failure that is retried elsewhere than on the page of dead letters is not counted twice.</summary>
public sealed class DeadLetterSweeperTests : IAsyncDisposable
{
    private const string Stage = "inspect-image";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _later = new(TimeProvider.System.GetUtcNow().AddMinutes(1));
    private readonly ServiceProvider _services;
    private readonly DeadLetterSweeper _sweeper;

    public DeadLetterSweeperTests()
    {
        _services = new ServiceCollection().AddLogging().AddEmbeddedBackend(options => options.DataFolder = _folder.Root).BuildServiceProvider();
        _sweeper = new DeadLetterSweeper(Catalog, Topic, _later, NullLogger<DeadLetterSweeper>.Instance);
    }

    private IImageCatalog Catalog => _services.GetRequiredService<IImageCatalog>();

    private ITopicOperations Topic => _services.GetRequiredService<ITopicOperations>();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task RemoveRetried_ImageIsStillFailed_KeepsItAlsoAfterAChangeOfItsName()
    {
        var id = await ReceiveAsync();
        await GiveUpAsync(id);
        await Catalog.TransitionAsync(id, record => ImageLifecycle.Edit(record, "new.jpg", null, null, Now()), None);
        await Catalog.TransitionAsync(id, record => ImageLifecycle.Edit(record, "newer.jpg", null, null, Now()), None);

        (await _sweeper.RemoveRetriedAsync(None)).ShouldBe(0);
        (await DeadAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task RemoveRetried_ImageWasTriedAgain_RemovesIt()
    {
        var id = await ReceiveAsync();
        await GiveUpAsync(id);
        await TryAgainAsync(id);

        (await _sweeper.RemoveRetriedAsync(None)).ShouldBe(1);
        (await DeadAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task RemoveRetried_TriedAgainJustNow_IsLeftToWhoeverRetriesIt()
    {
        var id = await ReceiveAsync();
        await GiveUpAsync(id);
        await TryAgainAsync(id);
        (await new DeadLetterSweeper(Catalog, Topic, TimeProvider.System, NullLogger<DeadLetterSweeper>.Instance).RemoveRetriedAsync(None)).ShouldBe(0);
    }

    [Fact]
    public async Task RemoveRetried_FailedAgain_KeepsTheLastOneOnly()
    {
        var id = await ReceiveAsync();
        await GiveUpAsync(id);
        await TryAgainAsync(id);
        await GiveUpAsync(id);
        (await DeadAsync()).ShouldBe(2);

        (await _sweeper.RemoveRetriedAsync(None)).ShouldBe(1);
        (await Topic.ListDeadLettersAsync(Stage, 10, null, None)).ShouldHaveSingleItem().Event!.Data.Version.ShouldBe(3);
    }

    [Fact]
    public async Task RemoveRetried_ImageWasDeleted_RemovesIt()
    {
        var id = await ReceiveAsync();
        await GiveUpAsync(id);
        await Catalog.TransitionAsync(id, record => ImageLifecycle.Purge(record, Now()), None);
        (await _sweeper.RemoveRetriedAsync(None)).ShouldBe(1);
    }

    [Fact]
    public async Task RemoveRetried_ImageIsInTheTrash_RemovesIt()
    {
        var id = await ReceiveAsync();
        await GiveUpAsync(id);
        await Catalog.TransitionAsync(id, record => ImageLifecycle.Trash(record, TimeSpan.FromDays(30), Now()), None);
        (await _sweeper.RemoveRetriedAsync(None)).ShouldBe(1);
    }

    [Fact]
    public async Task RemoveRetried_DeadLetteredByTheTopicAndNotByTheStage_KeepsIt()
    {
        await ReceiveAsync();
        await DeadLetterAsync(1);
        (await _sweeper.RemoveRetriedAsync(None)).ShouldBe(0);
    }

    private async Task<Guid> ReceiveAsync()
    {
        var image = Samples.Image();
        await Catalog.CommitAsync([image.Insert()], None);
        return image.Id;
    }

    // As the stage does: the record first.
    private async Task GiveUpAsync(Guid id)
    {
        await Catalog.TransitionAsync(id, record => ImageLifecycle.Fail(record, Samples.Why, Now()), None);
        await DeadLetterAsync(await DeadAsync() + 1);
    }

    private async Task TryAgainAsync(Guid id) => await Catalog.TransitionAsync(id, record => ImageLifecycle.AnalyzeAgain(record, Now()), None);

    private async Task DeadLetterAsync(long expected)
    {
        await using var stage = await _services.GetRequiredService<IEventBus>().SubscribeAsync(
            new SubscriptionOptions(Stage) { Types = [ImageEventTypes.Received] }, (_, _) => Task.FromResult<MessageOutcome>(new MessageOutcome.DeadLetter("test", "It failed.")), None);
        await Eventually.TrueAsync(async () => await DeadAsync() == expected);
    }

    private async Task<long> DeadAsync() => (await Topic.GetStatusAsync(None)).Single(one => one.Name == Stage).DeadLettered;

    private static Cause Now() => Cause.Now("tester", TimeProvider.System);
}
