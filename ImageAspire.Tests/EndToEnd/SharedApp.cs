namespace ImageAspire.Tests.EndToEnd;

/// <summary>One running system with two workers for all tests that leave it as they found it: a start costs seconds.</summary>
public sealed class SharedApp : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    internal RunningApp Running { get; private set; } = null!;

    /// <summary>Its data folder.</summary>
    internal string Data => _folder.Root;

    public async ValueTask InitializeAsync() => Running = await RunningApp.StartAsync(_folder.Root, workers: 2, environment: new Dictionary<string, string>
    {
        ["Webhooks__AllowPrivateAddresses"] = "true",
    });

    public async ValueTask DisposeAsync()
    {
        await Running.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>Tests of the whole system run one after the other: each of them starts five processes and more.</summary>
[CollectionDefinition(Name)]
public sealed class WholeSystem : ICollectionFixture<SharedApp>
{
    public const string Name = "whole system";
}
