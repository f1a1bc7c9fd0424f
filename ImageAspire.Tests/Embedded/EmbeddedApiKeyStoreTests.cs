using ImageAspire.Core.Ports;
using ImageAspire.Embedded.ApiKeys;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Embedded;

public sealed class EmbeddedApiKeyStoreTests : ApiKeyStoreContract, IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<SqliteDatabase> _databases = [];

    [Fact]
    public void Open_TheFile_IsForThisUserAlone()
    {
        Open();
        foreach (var file in Directory.GetFiles(_folder.Root, "keys.db*"))
        {
            if (!OperatingSystem.IsWindows())
                File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        }
    }

    protected override IApiKeyStore Open()
    {
        _databases.Add(ApiKeySchema.Open(_folder.Data));
        return new EmbeddedApiKeyStore(_databases[^1], Clock);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
            await database.DisposeAsync();
        _folder.Dispose();
    }
}
