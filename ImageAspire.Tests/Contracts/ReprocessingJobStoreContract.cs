using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Contracts;

/// <summary>What every <see cref="IReprocessingJobStore"/> must do. One store per test; several instances on it.</summary>
public abstract class ReprocessingJobStoreContract
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly ReprocessingJob First = new()
    {
        Stage = "inspect-image", Version = 1, Scope = ReprocessingScope.All, State = ReprocessingState.Running, StartedBy = "Füße", StartedAt = Samples.Noon,
        UpdatedAt = Samples.Noon.AddMilliseconds(7), Total = 3_000_000_000, Examined = 400, Sent = 7, Pass = 2, Cursor = "a-cursor", Waiting = true, Stranded = true,
        LeaseUntil = Samples.Noon.AddSeconds(30),
    };

    /// <summary>One more instance on this test's store, as another process would have it.</summary>
    protected abstract IReprocessingJobStore Open();

    [Fact]
    public async Task List_NothingStored_IsEmpty() => (await Open().ListAsync(None)).ShouldBeEmpty();

    [Fact]
    public async Task Save_RunsOfTwoStages_CanBeReadEverywhere()
    {
        var store = Open();
        var bare = First with { Stage = "analyze-image", Scope = ReprocessingScope.Missing, Cursor = null, LeaseUntil = null, Waiting = false };
        (await store.SaveAsync(First, None)).ShouldBeTrue();
        (await store.SaveAsync(bare, None)).ShouldBeTrue();
        (await Open().ListAsync(None)).ShouldBe([bare, First]);
    }

    [Fact]
    public async Task Save_TheNextVersion_TakesItsPlace()
    {
        var store = Open();
        await store.SaveAsync(First, None);
        var next = First with { Version = 2, State = ReprocessingState.Done, Sent = 8, LeaseUntil = null };
        (await Open().SaveAsync(next, None)).ShouldBeTrue();
        (await store.ListAsync(None)).ShouldBe([next]);
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
        (await store.SaveAsync(First with { Version = version, Sent = 99 }, None)).ShouldBeFalse();
        (await store.ListAsync(None)).ShouldBe([second]);
    }

    [Fact]
    public async Task Save_FirstIsNotVersionOne_WritesNothing()
    {
        (await Open().SaveAsync(First with { Version = 2 }, None)).ShouldBeFalse();
        (await Open().ListAsync(None)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Save_TwentyAtOnce_ExactlyOneWins(long version)
    {
        IReprocessingJobStore[] stores = [Open(), Open()];
        for (var before = 1; before < version; before++)
            await stores[0].SaveAsync(First with { Version = before }, None);
        var saved = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => stores[i % 2].SaveAsync(First with { Version = version, Sent = i }, None))));
        saved.Count(one => one).ShouldBe(1);
        (await stores[0].ListAsync(None)).ShouldHaveSingleItem().Sent.ShouldBe(Array.IndexOf(saved, true));
    }
}
