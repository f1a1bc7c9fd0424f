using ImageAspire.Core.Ports;
using ImageAspire.Embedded.ApiKeys;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Embedded;

public sealed class EmbeddedSpentTokenStoreTests : SpentTokenStoreContract, IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<SqliteDatabase> _databases = [];

    [Fact]
    public async Task Spend_RemovesWhatHasExpired()
    {
        var store = Open();
        var (brief, lasting) = (Guid.NewGuid(), Guid.NewGuid());
        await store.SpendAsync(brief, Samples.Noon.AddMinutes(1), CancellationToken.None);
        await store.SpendAsync(lasting, Samples.Noon.AddHours(1), CancellationToken.None);
        Clock.Advance(TimeSpan.FromMinutes(2));

        await store.SpendAsync(Guid.NewGuid(), Samples.Noon.AddHours(1), CancellationToken.None);

        (await store.FindSpentAsync([brief, lasting], CancellationToken.None)).ShouldBe([lasting]);
    }

    protected override ISpentTokenStore Open()
    {
        _databases.Add(ApiKeySchema.Open(_folder.Data));
        return new EmbeddedSpentTokenStore(_databases[^1], Clock);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
            await database.DisposeAsync();
        _folder.Dispose();
    }
}
