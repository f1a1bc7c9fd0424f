using System.Security.Cryptography;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Uploads;

namespace ImageAspire.Tests.Contracts;

/// <summary>What every <see cref="IUploadStore"/> must do. One store per test; several instances on it.</summary>
public abstract class UploadStoreContract
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Guid Owner = Guid.CreateVersion7();

    /// <summary>One more instance on this test's store, as another process would have it.</summary>
    protected abstract IUploadStore Open();

    [Fact]
    public async Task Create_Upload_IsFoundEverywhereByItsKeyAlone()
    {
        var upload = New() with { Metadata = "filename w6Q=", TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", Attempt = Guid.CreateVersion7() };
        await Open().CreateAsync(upload, None);

        var state = (await Open().FindAsync(Owner, upload.Id, None)).ShouldNotBeNull();
        state.Upload.ShouldBe(upload);
        (state.Offset, state.IsComplete).ShouldBe((0, false));
        state.ExpiresAt.ShouldBeInRange(TimeProvider.System.GetUtcNow() + upload.KeptFor - TimeSpan.FromMinutes(1), TimeProvider.System.GetUtcNow() + upload.KeptFor + TimeSpan.FromMinutes(1));
        (await Open().FindAsync(Guid.CreateVersion7(), upload.Id, None)).ShouldBeNull();
        (await Open().TryAcquireAsync(Guid.CreateVersion7(), upload.Id, None)).ShouldBeNull();
        (await Open().FindAsync(Owner, Guid.CreateVersion7(), None)).ShouldBeNull();
        (await Open().TryAcquireAsync(Owner, Guid.CreateVersion7(), None)).ShouldBeNull();
    }

    [Fact]
    public async Task Append_Pieces_AreThereInOrderAndTellTheOffset()
    {
        var (store, upload, bytes) = (Open(), New(300_000), RandomNumberGenerator.GetBytes(300_000));
        await store.CreateAsync(upload, None);

        await using (var hold = (await store.TryAcquireAsync(Owner, upload.Id, None)).ShouldNotBeNull())
        {
            await hold.AppendAsync(bytes.AsMemory(0, 100_000), None);
            hold.State.Offset.ShouldBe(100_000);
            await hold.FlushAsync(None);
            (await Open().FindAsync(Owner, upload.Id, None))!.Offset.ShouldBe(100_000);
        }

        await using (var hold = (await Open().TryAcquireAsync(Owner, upload.Id, None)).ShouldNotBeNull())
        {
            hold.State.Offset.ShouldBe(100_000);
            await hold.AppendAsync(bytes.AsMemory(100_000), None);
            hold.State.IsComplete.ShouldBeTrue();
            (await ReadAsync(hold)).ShouldBe(bytes);
        }

        (await Open().FindAsync(Owner, upload.Id, None))!.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public async Task Hold_TwoAtOnce_OneHasItUntilItLetsGo()
    {
        var (store, upload) = (Open(), New());
        await store.CreateAsync(upload, None);

        var holds = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => (i % 2 == 0 ? store : Open()).TryAcquireAsync(Owner, upload.Id, None))));
        var first = holds.OfType<IUploadLease>().ShouldHaveSingleItem();
        (await Open().TryAcquireAsync(Owner, upload.Id, None)).ShouldBeNull();
        await first.DisposeAsync();

        await using var second = await Open().TryAcquireAsync(Owner, upload.Id, None);
        second.ShouldNotBeNull();
    }

    [Fact]
    public async Task Save_Image_DropsTheBytesEverywhere()
    {
        var (store, upload, image) = (Open(), New(3), Guid.CreateVersion7());
        await store.CreateAsync(upload, None);
        await using (var hold = (await store.TryAcquireAsync(Owner, upload.Id, None))!)
        {
            await hold.AppendAsync(new byte[] { 1, 2, 3 }, None);
            await hold.SaveAsync(upload with { Attempt = image }, None);
            (await ReadAsync(hold)).ShouldBe([1, 2, 3]);
            await hold.SaveAsync(upload with { Attempt = image, ImageId = image, Duplicate = true }, None);
            (hold.State.Upload.ImageId, hold.State.Offset).ShouldBe((image, 3));
        }

        var state = (await Open().FindAsync(Owner, upload.Id, None))!;
        (state.Upload.ImageId, state.Upload.Duplicate, state.Offset).ShouldBe((image, true, 3));
        (await Open().CountAsync(Owner, None)).ShouldBe(new UploadUsage(0, 0, 0));
        await using var again = (await Open().TryAcquireAsync(Owner, upload.Id, None))!;
        again.State.Upload.ImageId.ShouldBe(image);
    }

    [Fact]
    public async Task Save_LengthThatWasOpen_IsKept()
    {
        var (store, upload) = (Open(), New() with { Length = null });
        await store.CreateAsync(upload, None);
        await using (var hold = (await store.TryAcquireAsync(Owner, upload.Id, None))!)
        {
            await hold.AppendAsync(new byte[10], None);
            await hold.SaveAsync(upload with { Length = 12 }, None);
            await hold.AppendAsync(new byte[2], None);
        }

        (await Open().FindAsync(Owner, upload.Id, None))!.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public async Task Count_UnfinishedUploadsOfAKey_AreSummedAsAnnounced()
    {
        var store = Open();
        (await store.CountAsync(Owner, None)).ShouldBe(new UploadUsage(0, 0, 0));
        await store.CreateAsync(New(1000), None);
        await store.CreateAsync(New(200), None);
        await store.CreateAsync(New(7) with { Owner = Guid.CreateVersion7() }, None);
        var open = New() with { Length = null };
        await store.CreateAsync(open, None);
        await using (var hold = (await store.TryAcquireAsync(Owner, open.Id, None))!)
            await hold.AppendAsync(new byte[30], None);

        (await Open().CountAsync(Owner, None)).ShouldBe(new UploadUsage(3, 1200, 1));
    }

    [Fact]
    public async Task Delete_Upload_IsGoneWithItsBytes()
    {
        var (store, upload) = (Open(), New());
        await store.CreateAsync(upload, None);
        await using (var hold = (await store.TryAcquireAsync(Owner, upload.Id, None))!)
        {
            await hold.AppendAsync(new byte[10], None);
            await hold.DeleteAsync(None);
            await hold.DeleteAsync(None); // a second time is harmless
        }

        (await Open().FindAsync(Owner, upload.Id, None)).ShouldBeNull();
        (await Open().TryAcquireAsync(Owner, upload.Id, None)).ShouldBeNull();
        (await Open().CountAsync(Owner, None)).ShouldBe(new UploadUsage(0, 0, 0));
    }

    [Fact]
    public async Task RemoveExpired_OldUploads_AreGoneAndTheOthersStay()
    {
        var (store, now) = (Open(), TimeProvider.System.GetUtcNow());
        var (brief, held, lasting) = (New() with { KeptFor = TimeSpan.FromHours(1) }, New() with { KeptFor = TimeSpan.FromHours(1) }, New() with { KeptFor = TimeSpan.FromHours(9) });
        foreach (var upload in (ResumableUpload[])[brief, held, lasting])
            await store.CreateAsync(upload, None);

        (await store.RemoveExpiredAsync(now.AddMinutes(30), None)).ShouldBe(0);
        await using (await store.TryAcquireAsync(Owner, held.Id, None))
            (await Open().RemoveExpiredAsync(now.AddHours(2), None)).ShouldBe(1); // not the one that is being written

        (await Open().FindAsync(Owner, brief.Id, None)).ShouldBeNull();
        (await Open().FindAsync(Owner, held.Id, None)).ShouldNotBeNull();
        (await Open().RemoveExpiredAsync(now.AddHours(2), None)).ShouldBe(1);
        (await Open().FindAsync(Owner, lasting.Id, None)).ShouldNotBeNull();
    }

    protected static ResumableUpload New(long length = 100) => new()
    {
        Id = Guid.CreateVersion7(), Owner = Owner, Name = "Füße 🐾.jpg", Length = length, CreatedAt = Samples.Noon, KeptFor = TimeSpan.FromHours(24),
    };

    private static async Task<byte[]> ReadAsync(IUploadLease hold)
    {
        await using var stream = await hold.OpenAsync(None);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, None);
        return bytes.ToArray();
    }
}
