using ImageAspire.Core.Ports;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Contracts;

/// <summary>What every <see cref="ISpentTokenStore"/> must do. One store per test; several instances on it.</summary>
public abstract class SpentTokenStoreContract
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Later = Samples.Noon.AddHours(12);

    /// <summary>The store's clock; it stands still until a test moves it.</summary>
    protected FakeTimeProvider Clock { get; } = new(Samples.Noon);

    /// <summary>One more instance on this test's store, as another process would have it.</summary>
    protected abstract ISpentTokenStore Open();

    [Fact]
    public async Task Spend_AToken_IsFoundEverywhereAndAlone()
    {
        var (spent, other) = (Guid.NewGuid(), Guid.NewGuid());
        (await Open().SpendAsync(spent, Later, None)).ShouldBeTrue();

        (await Open().FindSpentAsync([other, spent], None)).ShouldBe([spent]);
        (await Open().FindSpentAsync([other], None)).ShouldBeEmpty();
        (await Open().FindSpentAsync([], None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Spend_Twice_IsFalseTheSecondTime()
    {
        var token = Guid.NewGuid();
        (await Open().SpendAsync(token, Later, None)).ShouldBeTrue();
        (await Open().SpendAsync(token, Later, None)).ShouldBeFalse();
    }

    [Fact]
    public async Task Spend_TwentyAtOnce_ExactlyOneSucceeds()
    {
        ISpentTokenStore[] stores = [Open(), Open()];
        var token = Guid.NewGuid();
        var spent = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => stores[i % 2].SpendAsync(token, Later, None))));
        spent.Count(one => one).ShouldBe(1);
    }
}
