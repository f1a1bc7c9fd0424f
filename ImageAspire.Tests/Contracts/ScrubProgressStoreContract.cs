using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Contracts;

/// <summary>What every <see cref="IScrubProgressStore"/> must do. One store per test; several instances on it.</summary>
public abstract class ScrubProgressStoreContract
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly ScrubProgress First = new()
    {
        Version = 1, Pass = 3, StartedAt = Samples.Noon.AddMilliseconds(7), Images = 12, Bytes = 3_000_000_000, Cursor = "a-cursor", Complete = true,
        CompletedAt = Samples.Noon.AddDays(-1), LeaseUntil = Samples.Noon.AddMinutes(2),
    };

    /// <summary>One more instance on this test's store, as another process would have it.</summary>
    protected abstract IScrubProgressStore Open();

    [Fact]
    public async Task Read_NothingStored_IsNull() => (await Open().ReadAsync(None)).ShouldBeNull();

    [Fact]
    public async Task Save_Versions_CanBeReadEverywhere()
    {
        var store = Open();
        (await store.SaveAsync(First, None)).ShouldBeTrue();
        (await Open().ReadAsync(None)).ShouldBe(First);

        var bare = new ScrubProgress { Version = 2 };
        (await Open().SaveAsync(bare, None)).ShouldBeTrue();
        (await store.ReadAsync(None)).ShouldBe(bare);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Save_NotTheNextVersion_WritesNothing(long version)
    {
        var store = Open();
        await store.SaveAsync(First, None);
        var second = First with { Version = 2 };
        await store.SaveAsync(second, None);
        (await store.SaveAsync(First with { Version = version, Images = 99 }, None)).ShouldBeFalse();
        (await store.ReadAsync(None)).ShouldBe(second);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Save_TwentyAtOnce_ExactlyOneWins(long version)
    {
        IScrubProgressStore[] stores = [Open(), Open()];
        if (version > 1)
            await stores[0].SaveAsync(First, None);
        var saved = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => stores[i % 2].SaveAsync(First with { Version = version, Images = i }, None))));
        saved.Count(one => one).ShouldBe(1);
        (await stores[0].ReadAsync(None))!.Images.ShouldBe(Array.IndexOf(saved, true));
    }
}
