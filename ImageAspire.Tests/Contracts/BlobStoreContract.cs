using System.Security.Cryptography;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Contracts;

/// <summary>What every <see cref="IBlobStore"/> must do. One store per test; several instances on it.</summary>
public abstract partial class BlobStoreContract
{
    private const string Type = "image/jpeg";
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>One more instance on this test's store, as another process would have it.</summary>
    protected abstract IBlobStore Open();

    /// <summary>How many staged, unfinished blobs there are in the store.</summary>
    protected abstract int CountStaged();

    [Fact]
    public async Task Commit_Bytes_CanBeReadEverywhere()
    {
        var (store, other) = (Open(), Open());
        var bytes = RandomNumberGenerator.GetBytes(300_000);
        var before = DateTimeOffset.UtcNow;

        (await WriteAsync(store, "originals/abc.1", bytes)).ShouldBeTrue();

        (await ReadAsync(other, "originals/abc.1")).ShouldBe(bytes);
        var info = (await other.StatAsync("originals/abc.1", None))!;
        (info.Name, info.Bytes).ShouldBe(("originals/abc.1", 300_000));
        info.ModifiedAt.ShouldBeInRange(before.AddMinutes(-1), before.AddMinutes(5));
        info.ModifiedAt.Offset.ShouldBe(TimeSpan.Zero);
        CountStaged().ShouldBe(0);
    }

    [Fact]
    public async Task Commit_NameOfAnImage_IsAccepted()
    {
        var (store, id, digest) = (Open(), Guid.CreateVersion7(), Samples.Digest("x"));
        (await WriteAsync(store, BlobNames.Original(digest, id), [1])).ShouldBeTrue();
        (await WriteAsync(store, BlobNames.Thumbnail(digest, id, 256, "image/webp"), [2, 3])).ShouldBeTrue();
        (await ReadAsync(store, BlobNames.Thumbnail(digest, id, 256, "image/webp"))).ShouldBe([2, 3]);
    }

    [Fact]
    public async Task Commit_NoBytes_IsAnEmptyBlob()
    {
        var store = Open();
        await WriteAsync(store, "originals/empty", []);
        (await store.StatAsync("originals/empty", None))!.Bytes.ShouldBe(0);
        (await ReadAsync(store, "originals/empty")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Commit_NameThatIsTaken_FalseAndTheFirstStays()
    {
        var (store, other) = (Open(), Open());
        await WriteAsync(store, "originals/abc", [1]);
        (await WriteAsync(other, "originals/abc", [2, 2])).ShouldBeFalse();
        (await ReadAsync(other, "originals/abc")).ShouldBe([1]);
        CountStaged().ShouldBe(0);
    }

    [Fact]
    public async Task Commit_SameNameInParallel_OneWins()
    {
        IBlobStore[] stores = [Open(), Open()];
        var won = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() =>
            WriteAsync(stores[i % 2], "originals/abc", [.. Enumerable.Repeat((byte)i, 10_000)]))));

        won.Count(w => w).ShouldBe(1);
        (await ReadAsync(stores[0], "originals/abc")).ShouldBe(Enumerable.Repeat((byte)Array.IndexOf(won, true), 10_000));
        CountStaged().ShouldBe(0);
    }

    [Trait("Category", "Slow")]
    [Fact]
    public async Task Commit_ManyInParallel_AllAreWhole()
    {
        var store = Open();
        var blobs = Enumerable.Range(0, 60).ToDictionary(i => $"originals/{Samples.Digest($"{i}")}", _ => RandomNumberGenerator.GetBytes(200_000));
        await Task.WhenAll(blobs.Select(b => Task.Run(async () => (await WriteAsync(store, b.Key, b.Value)).ShouldBeTrue())));
        foreach (var (name, bytes) in blobs)
            (await ReadAsync(store, name)).ShouldBe(bytes, name);
    }

    [Fact]
    public async Task Stage_DisposedWithoutCommit_LeavesNothing()
    {
        var store = Open();
        var staged = await store.StageAsync(None);
        await staged.Content.WriteAsync(new byte[100_000], None);
        await staged.DisposeAsync();
        await staged.DisposeAsync(); // a second time is harmless

        CountStaged().ShouldBe(0);
        (await ListAsync(store, BlobNames.Originals)).ShouldBeEmpty();
        await Should.ThrowAsync<ObjectDisposedException>(() => staged.CommitAsync("originals/abc", Type, None));
    }

    [Fact]
    public async Task Commit_NotYetCalled_NothingIsVisible()
    {
        var store = Open();
        await using var staged = await store.StageAsync(None);
        await staged.Content.WriteAsync(new byte[10], None);
        (await ListAsync(store, BlobNames.Originals)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Commit_Cancelled_LeavesNothing()
    {
        var store = Open();
        using var cancelled = new CancellationTokenSource();
        await using (var staged = await store.StageAsync(None))
        {
            await staged.Content.WriteAsync(new byte[10], None);
            await cancelled.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => staged.CommitAsync("originals/abc", Type, cancelled.Token));
        }

        await Should.ThrowAsync<OperationCanceledException>(() => store.StageAsync(cancelled.Token));
        (await store.StatAsync("originals/abc", None)).ShouldBeNull();
        CountStaged().ShouldBe(0);
    }

    private static async Task<bool> WriteAsync(IBlobStore store, string name, byte[] bytes)
    {
        await using var staged = await store.StageAsync(None);
        await staged.Content.WriteAsync(bytes, None);
        return await staged.CommitAsync(name, Type, None);
    }

    private static async Task<byte[]> ReadAsync(IBlobStore store, string name, long offset = 0, long? length = null)
    {
        await using var stream = (await store.OpenAsync(name, offset, length, None)).ShouldNotBeNull();
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, None);
        return bytes.ToArray();
    }
}
