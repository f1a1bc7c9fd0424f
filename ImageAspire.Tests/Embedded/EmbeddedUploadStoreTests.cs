using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Uploads;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Embedded;

public sealed class EmbeddedUploadStoreTests : UploadStoreContract, IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<EmbeddedUploadStore> _stores = [];

    private string[] Files => Directory.GetFiles(_folder.Root, "*", SearchOption.AllDirectories);

    [Fact]
    public async Task Delete_Upload_LeavesNoFile()
    {
        var (store, upload) = (Open(), New());
        await store.CreateAsync(upload, CancellationToken.None);
        await using (var hold = (await store.TryHoldAsync(upload.Owner, upload.Id, CancellationToken.None))!)
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

    protected override IUploadStore Open()
    {
        _stores.Add(new EmbeddedUploadStore(_folder.Options, TimeProvider.System));
        return _stores[^1];
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var store in _stores)
            await store.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();
}
