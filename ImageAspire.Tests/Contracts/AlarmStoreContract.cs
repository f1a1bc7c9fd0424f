using ImageAspire.Core.Alarms;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Alarms;

namespace ImageAspire.Tests.Contracts;

/// <summary>What every <see cref="IAlarmStore"/> must do. One store per test; several instances on it.</summary>
public abstract class AlarmStoreContract
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>One more instance on this test's store, as another process would have it.</summary>
    protected abstract IAlarmStore Open();

    [Fact]
    public async Task Read_NothingStored_IsEmpty() => (await Open().ReadAsync(None)).ShouldBe(AlarmBook.Empty);

    [Fact]
    public async Task Save_Versions_CanBeReadEverywhereWithEverythingInThem()
    {
        Alarm[] alarms =
        [
            Raised.Alarm("dependency-away", "vision") with { Description = "vision is „away“ for Wörker <1>." },
            Raised.Alarm("no-worker") with { EndedAt = Samples.Noon.AddMinutes(1), EndId = Guid.NewGuid(), Announced = true },
        ];
        (await Open().SaveAsync(new AlarmBook(1, alarms), None)).ShouldBeTrue();

        var first = await Open().ReadAsync(None);
        first.Version.ShouldBe(1);
        first.Alarms.ShouldBe(alarms);
        first.Open.ShouldHaveSingleItem().Name.ShouldBe("vision");

        (await Open().SaveAsync(new AlarmBook(2, []), None)).ShouldBeTrue();
        (await Open().ReadAsync(None)).Alarms.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Save_NotTheNextVersion_WritesNothing(long version)
    {
        var store = Open();
        await store.SaveAsync(new AlarmBook(1, []), None);
        await store.SaveAsync(new AlarmBook(2, [Raised.Alarm("no-worker")]), None);

        (await store.SaveAsync(new AlarmBook(version, []), None)).ShouldBeFalse();

        var stored = await store.ReadAsync(None);
        (stored.Version, stored.Alarms.Count).ShouldBe((2, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Save_TwentyAtOnce_ExactlyOneWins(long version)
    {
        IAlarmStore[] stores = [Open(), Open()];
        if (version > 1)
            await stores[0].SaveAsync(new AlarmBook(1, []), None);

        var saved = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => stores[i % 2].SaveAsync(new AlarmBook(version, [Raised.Alarm($"{i}")]), None))));

        saved.Count(one => one).ShouldBe(1);
        (await stores[0].ReadAsync(None)).Alarms.ShouldHaveSingleItem().Code.ShouldBe($"{Array.IndexOf(saved, true)}");
    }
}
