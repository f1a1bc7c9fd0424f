using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;

namespace ImageAspire.Tests.Core;

public sealed class ImageLifecycleTrashTests
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);
    private static readonly Cause Later = Samples.Someone with { At = Samples.Noon.AddDays(3) };

    [Fact]
    public void Trash_EveryStatus_KeepsTheRecordAndSaysUntilWhen()
    {
        foreach (var status in Enum.GetValues<ImageStatus>())
        {
            var before = Samples.In(status);

            var trashed = ImageLifecycle.Trash(before, Month, Samples.Traced)!;

            trashed.Events.Select(e => e.Type).ShouldBe([ImageEventTypes.Deleted]);
            Samples.Json(trashed.After).ShouldBe(Samples.Json(before with
            {
                Version = before.Version + 1, UpdatedAt = Samples.Noon, DeletedAt = Samples.Noon, DeletedBy = "someone", PurgeAt = Samples.Noon + Month,
            }));
            ImageLifecycle.Trash(trashed.After!, Month, Later).ShouldBeNull();
        }
    }

    [Theory]
    [InlineData(ImageStatus.Received, ImageEventTypes.Received)]
    [InlineData(ImageStatus.Inspected, ImageEventTypes.Inspected)]
    [InlineData(ImageStatus.Analyzed, null)]
    [InlineData(ImageStatus.Rejected, null)]
    [InlineData(ImageStatus.Failed, null)]
    public void Restore_FromTheTrash_IsAsBeforeAndGoesOnWhereItWaited(ImageStatus status, string? announced)
    {
        var before = Samples.In(status) with { ArchivedAt = Samples.Noon, Tags = ["mine"] };
        var trashed = ImageLifecycle.Trash(before, Month, Samples.Traced)!.After!;

        var restored = ImageLifecycle.Restore(trashed, Later)!;

        Samples.Json(restored.After).ShouldBe(Samples.Json(before with { Version = before.Version + 2, UpdatedAt = Later.At }));
        restored.Events.Select(e => (e.Type, e.Data.Version)).ShouldBe(announced is null
            ? [(ImageEventTypes.Restored, before.Version + 2)] : [(ImageEventTypes.Restored, before.Version + 2), (announced, before.Version + 2)]);
        restored.Event.Data.DeletedAt.ShouldBe(Samples.Noon);
        ImageLifecycle.Restore(restored.After!, Later).ShouldBeNull();
    }

    [Fact]
    public void Restore_FromTheArchive_SaysNoTimeOfADeletion() =>
        ImageLifecycle.Edit(Samples.Received() with { ArchivedAt = Samples.Noon }, null, null, archived: false, Later)!.Event.Data.DeletedAt.ShouldBeNull();

    [Fact]
    public void Purge_FromTheTrash_IsAnnouncedAsPurgedAlone()
    {
        var trashed = ImageLifecycle.Trash(Samples.Received(), Month, Samples.Traced)!.After!;

        var purged = ImageLifecycle.Purge(trashed, Later);

        purged.After.ShouldBeNull();
        purged.Events.Select(e => e.Type).ShouldBe([ImageEventTypes.Purged]);
    }
}
