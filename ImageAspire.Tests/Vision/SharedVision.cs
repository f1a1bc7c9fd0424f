namespace ImageAspire.Tests.Vision;

/// <summary>One vision service for all tests of a class that change nothing about it: starting one takes about a second.</summary>
public sealed class SharedVision : IAsyncLifetime
{
    internal VisionHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await VisionHost.StartAsync();

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
