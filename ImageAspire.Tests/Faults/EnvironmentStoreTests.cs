using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded;
using ImageAspire.Embedded.Audit;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace ImageAspire.Tests.Faults;

/// <summary>Another program holds, moves, deletes or damages the files of the stores.</summary>
[Trait("Category", "Slow")]
public sealed class EnvironmentStoreTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeLogCollector _log = new();
    private readonly ServiceProvider _services;

    public EnvironmentStoreTests() => _services = new ServiceCollection().AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(_log)))
        .AddEmbeddedBackend(options => options.DataFolder = _folder.Root).BuildServiceProvider();

    private IImageCatalog Catalog => _services.GetRequiredService<IImageCatalog>();

    private IBlobStore Blobs => _services.GetRequiredService<IBlobStore>();

    private string Main => Path.Combine(_folder.Root, "imageaspire.db");

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Locked_ByAnotherProgramForLong_IsRefusedAsBusyReadsGoOnAndItGoesOnAtOnce()
    {
        var first = Samples.Image();
        await Catalog.CommitAsync([first.Insert()], CancellationToken.None);
        await using var other = new SqliteConnection($"Data Source={Main};Pooling=False");
        await other.OpenAsync();
        await RunAsync(other, "BEGIN EXCLUSIVE");

        var waiting = Samples.Image();
        var refused = Should.ThrowAsync<StoreUnavailableException>(() => Catalog.CommitAsync([waiting.Insert()], CancellationToken.None));
        (await Catalog.GetAsync(first.Id, CancellationToken.None)).ShouldNotBeNull(); // readers do not wait
        var error = await refused; // after ten seconds

        error.Problem.ShouldBe(StoreProblem.Busy);
        error.NothingWritten.ShouldBeTrue();
        await RunAsync(other, "ROLLBACK");
        (await Catalog.CommitAsync([waiting.Insert()], CancellationToken.None)).ShouldBe([CommitResult.Applied]);
    }

    [Fact]
    public async Task Moved_WhileOpen_AcknowledgesNothingUntilItIsBack()
    {
        var (before, lost) = (Samples.Image(), Samples.Image());
        await Catalog.CommitAsync([before.Insert()], CancellationToken.None);
        var away = Directory.CreateDirectory(Path.Combine(_folder.Root, "away")).FullName;
        Move(_folder.Root, away);

        var error = await Should.ThrowAsync<StoreUnavailableException>(() => Catalog.CommitAsync([lost.Insert()], CancellationToken.None));
        error.Problem.ShouldBe(StoreProblem.Missing);
        await Should.ThrowAsync<StoreUnavailableException>(() => _services.GetRequiredService<ITopicOperations>().ProbeAsync(CancellationToken.None));

        Move(away, _folder.Root);
        (await Catalog.CommitAsync([lost.Insert()], CancellationToken.None)).ShouldBe([CommitResult.Applied]);
        (await Catalog.GetAsync(before.Id, CancellationToken.None)).ShouldNotBeNull();

        void Move(string from, string to)
        {
            foreach (var file in Directory.GetFiles(from, "imageaspire.db*"))
                File.Move(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    [Fact]
    public async Task AuditLog_DeletedWhileOpen_TakesNoEntriesThatWouldBeLost()
    {
        await using var database = AuditSchema.Open(_folder.Data);
        var log = new EmbeddedAuditLog(database);
        await log.AppendAsync(Samples.Image().Insert().Event, CancellationToken.None);
        foreach (var file in Directory.GetFiles(_folder.Root, "audit.db*"))
            File.Delete(file);

        var error = await Should.ThrowAsync<StoreUnavailableException>(() => log.AppendAsync(Samples.Image().Insert().Event, CancellationToken.None));

        error.Problem.ShouldBe(StoreProblem.Missing);
        error.Message.ShouldContain("audit.db");
    }

    [Theory]
    [InlineData("this is not a database, and longer than the header of one would be; so that it cannot be taken for an empty file ....................")]
    [InlineData("SQLite format 3\0 and then nothing that makes sense ....................................................................................")]
    public void Open_DamagedFile_SaysWhichAndWhatToDo(string content)
    {
        File.WriteAllText(Main, content);

        var error = Should.Throw<StoreUnavailableException>(() => MainDatabase.Open(_folder.Data));

        error.Problem.ShouldBe(StoreProblem.Damaged);
        error.Message.ShouldContain(Main);
    }

    [Fact]
    public async Task StoreAway_WhenAHandlerIsDone_ItIsSettledLaterAndNotDoneAgain()
    {
        var away = Path.Combine(_folder.Root, "away.db");
        var (runs, waited) = (0, new TaskCompletionSource());
        await Catalog.CommitAsync([Samples.Image().Insert()], CancellationToken.None);
        var options = new SubscriptionOptions("inspect-image") { Concurrency = 1, LockDuration = TimeSpan.FromMilliseconds(500) };
        await using var stage = await _services.GetRequiredService<IEventBus>().SubscribeAsync(options, async (_, _) =>
        {
            Interlocked.Increment(ref runs);
            File.Move(Main, away); // every write is refused now
            // The renewals of the lock are refused, too.
            await Eventually.TrueAsync(() => _log.HasEvent("LogUnavailable"));
            waited.SetResult();
            return MessageOutcome.Completed;
        }, CancellationToken.None);
        await waited.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await Should.ThrowAsync<StoreUnavailableException>(() => Catalog.CommitAsync([Samples.Image().Insert()], CancellationToken.None));

        File.Move(away, Main);

        var topic = _services.GetRequiredService<ITopicOperations>();
        await Eventually.TrueAsync(async () =>
            (await topic.GetStatusAsync(CancellationToken.None)).Single(one => one.Name == "inspect-image") is { Active: 0, InFlight: 0, Scheduled: 0, DeadLettered: 0 });
        runs.ShouldBe(1);
        await Eventually.TrueAsync(() => _log.HasEvent("LogAvailable"));
    }

    private static async Task RunAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
