using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Uploads;
using ImageAspire.Tests.Contracts;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Embedded;

public sealed class EmbeddedUploadStoreTests : UploadStoreContract, IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<EmbeddedUploadStore> _stores = [];

    private string[] Files => Directory.GetFiles(_folder.Root, "*", SearchOption.AllDirectories);

    [Fact]
    public async Task Delete_Upload_LeavesNoFile()
    {
        var (store, upload) = (Open(), New());
        await store.CreateAsync(upload, CancellationToken.None);
        await using (var hold = (await store.TryAcquireAsync(upload.Owner, upload.Id, CancellationToken.None))!)
            await hold.DeleteAsync(CancellationToken.None);

        Files.ShouldBeEmpty();
    }

    [Fact]
    public async Task RemoveExpired_WhatADeadProcessLeft_IsRemovedWhenItIsOld()
    {
        var (store, upload, now) = (Open(), New(), TimeProvider.System.GetUtcNow());
        await store.CreateAsync(upload, CancellationToken.None);
        File.Delete(Files.Single(file => file.EndsWith(UploadFiles.Sidecars, StringComparison.Ordinal))); // died before it had one

        await store.RemoveExpiredAsync(now.AddMinutes(50), CancellationToken.None);
        Files.ShouldNotBeEmpty();
        await store.RemoveExpiredAsync(now.AddMinutes(70), CancellationToken.None);
        Files.ShouldBeEmpty();
    }

    [Fact]
    public async Task RemoveExpired_FinishedUploadWhoseBytesAreStillThere_DropsThemAndKeepsTheAnswer()
    {
        var (store, upload, image) = (Open(), New(0), Guid.CreateVersion7());
        await store.CreateAsync(upload, CancellationToken.None);
        new UploadFiles(Path.Combine(_folder.Root, "uploads"), upload.Owner, upload.Id).Write(upload with { ImageId = image }); // and died

        await store.RemoveExpiredAsync(TimeProvider.System.GetUtcNow(), CancellationToken.None);

        Files.ShouldNotContain(file => file.EndsWith(UploadFiles.Parts, StringComparison.Ordinal));
        (await store.FindAsync(upload.Owner, upload.Id, CancellationToken.None))!.Upload.ImageId.ShouldBe(image);
    }

    [Fact]
    public async Task Write_NoSpaceLeft_IsDiskFull()
    {
        Requires.Linux();
        await using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0); // the system's device that is always full

        var away = await Should.ThrowAsync<StoreUnavailableException>(() => UploadErrors.TranslateAsync("a.part", async () =>
        {
            await RandomAccess.WriteAsync(full.SafeFileHandle, new byte[10], 0);
            return true;
        }));

        (away.Problem, away.NothingWritten).ShouldBe((StoreProblem.Full, false));
    }

    [Fact]
    public async Task Create_SidecarCannotBeWritten_LeavesNothing()
    {
        var (store, upload) = (Open(), New());
        await store.CreateAsync(upload, CancellationToken.None);
        var next = New();
        var files = new UploadFiles(Path.Combine(_folder.Root, "uploads"), next.Owner, next.Id);
        Directory.CreateDirectory(Path.ChangeExtension(files.Sidecar, UploadFiles.Temporary)); // in the way of the sidecar

        await Should.ThrowAsync<StoreUnavailableException>(() => store.CreateAsync(next, CancellationToken.None));

        Files.ShouldAllBe(file => !Path.GetFileName(file).StartsWith(next.Id.ToString("N"), StringComparison.Ordinal));
    }

    protected override IUploadStore Open()
    {
        _stores.Add(new EmbeddedUploadStore(_folder.Data, TimeProvider.System));
        return _stores[^1];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
            await store.DisposeAsync();
        _folder.Dispose();
    }
}
