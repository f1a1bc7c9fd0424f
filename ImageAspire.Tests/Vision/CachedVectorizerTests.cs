using ImageAspire.Analysis;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Vision;

public sealed class CachedVectorizerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task OfText_SameText_IsRequestedOnceAnHour()
    {
        var inner = new FakeVectorizer();
        using var cache = new CachedVectorizer(inner, _time);

        var first = await cache.OfTextAsync("dog", Patience, CancellationToken.None);
        (await cache.OfTextAsync("dog", Patience, CancellationToken.None)).ShouldBeSameAs(first);
        for (var i = 0; i < 5_000; i++)
            await cache.OfTextAsync($"text {i}", Patience, CancellationToken.None);
        var before = inner.Texts.Count;
        await cache.OfTextAsync("dog", Patience, CancellationToken.None); // dropped
        await cache.OfTextAsync("text 4999", Patience, CancellationToken.None);
        inner.Texts.Count.ShouldBe(before + 1);

        _time.Advance(TimeSpan.FromHours(2));
        await cache.OfTextAsync("text 4999", Patience, CancellationToken.None);
        inner.Texts.Count.ShouldBe(before + 2);
    }
}
