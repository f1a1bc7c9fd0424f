using ImageAspire.Tests.EndToEnd;

namespace ImageAspire.Tests.Browser;

/// <summary>One running system for the tests of the operations pages, started by the first of them.</summary>
public sealed class OperationsSystem : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Lazy<Task<RunningApp>> _app;

    public OperationsSystem() => _app = new(() => RunningApp.StartAsync(_folder.Root, workers: 1, environment: new Dictionary<string, string> { ["Webhooks__AllowPrivateAddresses"] = "true" }));

    internal string Data => _folder.Root;

    internal bool IsStarted => _app.IsValueCreated;

    internal Task<RunningApp> AppAsync() => _app.Value;

    public async ValueTask DisposeAsync()
    {
        if (IsStarted)
            await (await _app.Value).DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>Tests of the operations pages run one after the other, on one system.</summary>
[CollectionDefinition(Name)]
public sealed class OperationsPages : ICollectionFixture<OperationsSystem>, ICollectionFixture<BrowserFixture>
{
    public const string Name = "operations pages";
}
