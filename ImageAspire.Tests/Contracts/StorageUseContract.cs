using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Contracts;

/// <summary>What every <see cref="IStorageUse"/> must do.</summary>
public abstract class StorageUseContract
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly KeyOwner Camera = new(Guid.NewGuid(), "camera");
    private static readonly KeyOwner Other = new(Guid.NewGuid(), "other");

    /// <summary>One more instance on this test's store.</summary>
    protected abstract IStorageUse Open();

    /// <summary>The catalog of this test's store.</summary>
    protected abstract IImageCatalog Catalog { get; }

    [Fact]
    public async Task Read_NoImages_ZeroForEachKey()
    {
        (await Open().ReadAsync([Camera, Other], None)).ShouldBe([0, 0]);
        (await Open().ReadAsync([], None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_ImagesOfSeveralKeys_TheSumOfEach()
    {
        var archived = Of(Camera, 100) with { ArchivedAt = Samples.Noon };
        await Catalog.CommitAsync([archived.Insert(), Of(Camera, 20).Insert(), Of(Other, 3).Insert()], None);

        (await Open().ReadAsync([Other, Camera, new KeyOwner(Guid.NewGuid(), "new")], None)).ShouldBe([3, 120, 0]);
    }

    [Fact]
    public async Task Read_AfterAChangeAndADeletion_OnlyWhatIsLeft()
    {
        var (kept, gone) = (Of(Camera, 20), Of(Camera, 100));
        await Catalog.CommitAsync([kept.Insert(), gone.Insert()], None);

        await Catalog.CommitAsync([ImageLifecycle.Edit(kept, "new.jpg", null, null, Samples.Someone)!, ImageLifecycle.Purge(gone, Samples.Someone)], None);
        await Catalog.CommitAsync([ImageLifecycle.Purge(gone, Samples.Someone)], None); // stale: counted once

        (await Open().ReadAsync([Camera], None)).ShouldBe([20]);
    }

    [Fact]
    public async Task Read_InTheTrash_CountsUntilItIsPurged()
    {
        var image = Of(Camera, 20);
        var trashed = ImageLifecycle.Trash(image, TimeSpan.FromDays(1), Samples.Someone)!;
        await Catalog.CommitAsync([image.Insert(), trashed], None);
        (await Open().ReadAsync([Camera], None)).ShouldBe([20]);

        await Catalog.CommitAsync([ImageLifecycle.Purge(trashed.After!, Samples.Someone)], None);

        (await Open().ReadAsync([Camera], None)).ShouldBe([0]);
    }

    [Fact]
    public async Task Read_ADuplicate_IsNotCounted()
    {
        var first = Of(Camera, 20);
        await Catalog.CommitAsync([first.Insert(), (Of(Other, 20) with { Sha256 = first.Sha256 }).Insert()], None);

        (await Open().ReadAsync([Camera, Other], None)).ShouldBe([20, 0]);
    }

    [Fact]
    public async Task Read_RenamedKeyAndImagesWithoutAKeysId_BothCount()
    {
        await Catalog.CommitAsync([Of(Camera, 20).Insert(), (Of(Camera, 7) with { UploadedByKey = null }).Insert()], None);

        (await Open().ReadAsync([Camera, Camera with { Name = "renamed" }, Other with { Name = "camera" }], None)).ShouldBe([27, 20, 7]);
    }

    private static ImageRecord Of(KeyOwner key, long bytes) => Samples.Image(bytes: bytes) with { UploadedBy = key.Name, UploadedByKey = key.Id };
}
