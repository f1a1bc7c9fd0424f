using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Uploads;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Tests.Api;

/// <summary>The real store of uploads, on a disk that takes only so many bytes.</summary>
internal sealed class FullDiskUploadStore(IUploadStore store, FullDiskUploadStore.Disk disk) : IUploadStore, IAsyncDisposable
{
    /// <summary>Puts it in the place of the real one.</summary>
    public static void Replace(IServiceCollection services, Disk disk)
    {
        var real = services.Last(service => service.ServiceType == typeof(IUploadStore));
        services.Remove(real);
        services.AddSingleton<IUploadStore>(provider => new FullDiskUploadStore(
            (IUploadStore)(real.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, real.ImplementationType!)), disk));
    }

    public Task CreateAsync(ResumableUpload upload, CancellationToken cancellationToken) => store.CreateAsync(upload, cancellationToken);

    public Task<UploadState?> FindAsync(Guid owner, Guid id, CancellationToken cancellationToken) => store.FindAsync(owner, id, cancellationToken);

    public async Task<IUploadLease?> TryAcquireAsync(Guid owner, Guid id, CancellationToken cancellationToken) =>
        await store.TryAcquireAsync(owner, id, cancellationToken) is { } hold ? new Hold(hold, disk) : null;

    public Task<UploadUsage> CountAsync(Guid owner, CancellationToken cancellationToken) => store.CountAsync(owner, cancellationToken);

    public Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken) => store.RemoveExpiredAsync(now, cancellationToken);

    public ValueTask DisposeAsync() => store is IAsyncDisposable real ? real.DisposeAsync() : ValueTask.CompletedTask;

    /// <summary>The disk.</summary>
    public sealed class Disk
    {
        /// <summary>How many bytes it still takes.</summary>
        public long Room { get; set; }
    }

    private sealed class Hold(IUploadLease hold, Disk disk) : IUploadLease
    {
        public UploadState State => hold.State;

        public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            var fits = (int)Math.Min(bytes.Length, disk.Room);
            disk.Room -= fits;
            await hold.AppendAsync(bytes[..fits], cancellationToken);
            if (fits < bytes.Length)
                throw new StoreUnavailableException("The disk is full.") { Problem = StoreProblem.Full };
        }

        public Task FlushAsync(CancellationToken cancellationToken) => hold.FlushAsync(cancellationToken);

        public Task<Stream> OpenAsync(CancellationToken cancellationToken) => hold.OpenAsync(cancellationToken);

        public Task SaveAsync(ResumableUpload upload, CancellationToken cancellationToken) => hold.SaveAsync(upload, cancellationToken);

        public Task DeleteAsync(CancellationToken cancellationToken) => hold.DeleteAsync(cancellationToken);

        public ValueTask DisposeAsync() => hold.DisposeAsync();
    }
}
