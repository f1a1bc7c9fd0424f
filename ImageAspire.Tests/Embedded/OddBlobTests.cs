using ImageAspire.Core.Errors;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Uploads;
using ImageAspire.Embedded.Blobs;
using ImageAspire.Embedded.Uploads;
using ImageAspire.Tests.Backup;
using ImageAspire.Tests.Faults;
using ImageAspire.Tests.Worker.Scrub;

namespace ImageAspire.Tests.Embedded;

/// <summary>A pipe, a link, a device or a folder in the place of a stored file: it is damage, and nothing waits for it or reads through it.</summary>
public sealed class OddBlobTests : IDisposable
{
    private const string Blob = "originals/abc";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TempFolder _folder = new();

    private string PathOfBlob => Path.Combine(_folder.Root, "blobs", "originals", "ab", "abc");

    public static TheoryData<OddFile> Kinds => [.. Enum.GetValues<OddFile>()];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Blob_NoRegularFile_IsNotThere(OddFile kind)
    {
        await using var store = new EmbeddedBlobStore(_folder.Data, TimeProvider.System);
        await CommitAsync(store);
        OddFiles.Replace(PathOfBlob, kind);

        (await Task.Run(() => store.OpenAsync(Blob, 0, null, None)).WaitAsync(OddFiles.Limit)).ShouldBeNull();
        (await store.StatAsync(Blob, None)).ShouldBeNull();
    }

    [Theory]
    [InlineData(OddFile.Pipe)]
    [InlineData(OddFile.Link)]
    [InlineData(OddFile.Device)]
    public async Task Commit_NameOfNoRegularFile_TakesItsPlace(OddFile kind)
    {
        await using var store = new EmbeddedBlobStore(_folder.Data, TimeProvider.System);
        await CommitAsync(store);
        OddFiles.Replace(PathOfBlob, kind);

        (await CommitAsync(store)).ShouldBeTrue();

        (await store.StatAsync(Blob, None))!.Bytes.ShouldBe(10);
        (await CommitAsync(store)).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Scrub_NoRegularFile_IsAFindingAndThePassGoesOn(OddFile kind)
    {
        await using var host = new ScrubHost(_folder, new SkippingClock());
        var bad = await host.UploadAsync(TestImages.Jpeg(seed: 7));
        await host.UploadAsync(TestImages.Jpeg(seed: 8));
        ((SkippingClock)host.Get<TimeProvider>()).Advance(TimeSpan.FromDays(1));
        OddFiles.Replace(host.PathOf(bad), kind);

        await Task.Run(host.RunAsync).WaitAsync(OddFiles.Limit);

        var finding = (await host.Findings.ListAsync(10, None)).Items.ShouldHaveSingleItem();
        (finding.ImageId, finding.Damage).ShouldBe((bad.Id, OriginalDamage.MissingBytes));
        (await host.ProgressAsync())!.Images.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Stage_NoRegularFile_FailsForGood(OddFile kind)
    {
        await using var host = new ScrubHost(_folder, TimeProvider.System);
        var record = await host.UploadAsync(TestImages.Jpeg(seed: 7));
        var received = ImageLifecycle.Receive(record.Id, record.Name, ImageFormat.Jpeg, record.Bytes, record.Sha256, null, Cause.Now("test", TimeProvider.System)).Event;
        OddFiles.Replace(host.PathOf(record), kind);

        var failure = await Should.ThrowAsync<PermanentFailureException>(() => // before it comes to a decoder
            Task.Run(() => new InspectImage(host.Catalog, host.Get<IBlobStore>(), null!, TimeProvider.System).ExecuteAsync(received, None)).WaitAsync(OddFiles.Limit));

        failure.Code.ShouldBe(FailureCodes.ContentUnavailable);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task BackupAndVerify_NoRegularFile_IsAFaultAndNotCopied(OddFile kind)
    {
        foreach (var copy in (bool[])[true, false])
        {
            using var store = await SmallStore.CreateAsync(images: 2);
            OddFiles.Replace(store.PathOf(0), kind);

            (await Task.Run(() => store.VerifyAsync()).WaitAsync(OddFiles.Limit)).Faults.ShouldBe(1);
            var made = await Task.Run(() => store.BackupAsync(copy)).WaitAsync(OddFiles.Limit);

            made.Faults.ShouldBe(1);
            File.Exists(store.PathOf(0, folder: store.Backup)).ShouldBeFalse();
            OddFiles.Replace(store.PathOf(1, folder: store.Backup), kind);
            (await Task.Run(() => store.VerifyBackupAsync()).WaitAsync(OddFiles.Limit)).Faults.ShouldBeGreaterThan(0);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task UploadPart_NoRegularFile_IsNoUpload(OddFile kind)
    {
        await using var store = new EmbeddedUploadStore(_folder.Data, TimeProvider.System);
        var upload = New();
        await store.CreateAsync(upload, None);
        var files = new UploadFiles(Path.Combine(_folder.Root, "uploads"), upload.Owner, upload.Id);
        await using (var hold = (await store.TryAcquireAsync(upload.Owner, upload.Id, None))!)
        {
            OddFiles.Replace(files.Part, kind);
            await Should.ThrowAsync<StoreUnavailableException>(() => Task.Run(() => hold.AppendAsync(new byte[10], None)).WaitAsync(OddFiles.Limit));
            await Should.ThrowAsync<StoreUnavailableException>(() => Task.Run(() => hold.OpenAsync(None)).WaitAsync(OddFiles.Limit));
        }

        (await store.FindAsync(upload.Owner, upload.Id, None).WaitAsync(OddFiles.Limit)).ShouldBeNull();
    }

    [Theory]
    [InlineData(OddFile.Pipe)]
    [InlineData(OddFile.Link)]
    [InlineData(OddFile.Device)]
    public async Task UploadSidecar_NoRegularFile_IsNoUpload(OddFile kind)
    {
        await using var store = new EmbeddedUploadStore(_folder.Data, TimeProvider.System);
        var upload = New();
        await store.CreateAsync(upload, None);
        OddFiles.Replace(new UploadFiles(Path.Combine(_folder.Root, "uploads"), upload.Owner, upload.Id).Sidecar, kind);

        (await Task.Run(() => store.FindAsync(upload.Owner, upload.Id, None)).WaitAsync(OddFiles.Limit)).ShouldBeNull();
    }

    [Fact]
    public async Task Stage_PipeOfADeadProcess_IsRemoved()
    {
        await using var store = new EmbeddedBlobStore(_folder.Data, TimeProvider.System);
        var old = Path.Combine(_folder.Root, "blobs", ".staging", "old");
        await File.WriteAllTextAsync(old, "half a file");
        OddFiles.Replace(old, OddFile.Pipe);
        File.SetLastWriteTimeUtc(old, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-61));

        await (await Task.Run(() => store.StageAsync(None)).WaitAsync(OddFiles.Limit)).DisposeAsync();

        File.Exists(old).ShouldBeFalse();
    }

    private static async Task<bool> CommitAsync(EmbeddedBlobStore store)
    {
        await using var staged = await store.StageAsync(None);
        await staged.Content.WriteAsync(new byte[10], None);
        return await staged.CommitAsync(Blob, "image/png", None);
    }

    private static ResumableUpload New() => new()
    {
        Id = Guid.CreateVersion7(), Owner = Guid.CreateVersion7(), Name = "photo.jpg", Length = 100, CreatedAt = TimeProvider.System.GetUtcNow(), KeptFor = TimeSpan.FromHours(24),
    };
}
