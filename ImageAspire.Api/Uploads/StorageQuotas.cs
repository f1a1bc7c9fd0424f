using ImageAspire.Api.Access;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Uploads;

/// <summary>
/// Keeps the images of each key within its quota, before their bytes are stored. What counts: the originals of its images, its unfinished
/// resumable uploads as announced, and its uploads in progress on this instance. Several instances may exceed a quota together, by what they
/// have in progress.
/// </summary>
internal sealed class StorageQuotas(IStorageUse use, IUploadStore uploads, ApiOptions options, TimeProvider time)
{
    // Between the commit of an upload and the end of its reservation it counts twice; that takes milliseconds.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, KeyInProgress> _keys = []; // only those with uploads in progress

    /// <summary>Reserves bytes for an upload. Dispose the reservation when the upload has ended.</summary>
    /// <param name="caller">The key.</param>
    /// <param name="bytes">How many bytes it announces; 0 when it does not say.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <exception cref="UploadRefusedException">They do not fit into the key's quota, or nothing does.</exception>
    public async Task<QuotaReservation> ReserveAsync(Caller caller, long bytes, CancellationToken cancellationToken)
    {
        if (caller.QuotaBytes is not { } quota)
            return new QuotaReservation(null, 0, 0, 0, _ => { });
        var key = Open(caller.Id);
        try
        {
            while (true)
            {
                // Both before the query: what is stored meanwhile counts twice, but nothing is missed.
                var (stored, released) = (key.Stored, key.NextRelease);
                var used = await UsedAsync(caller, cancellationToken);
                var reservation = new QuotaReservation(key, quota, used, stored, Close);
                if (reservation.TryTake(Math.Max(1, bytes)))
                    return reservation;
                if (!released.IsCompleted && !(key.HasReservations && await CompletesAsync(released, cancellationToken)))
                    throw UploadRefusedException.OverQuota(used, quota);
            }
        }
        catch
        {
            Close(key);
            throw;
        }
    }

    private async Task<long> UsedAsync(Caller caller, CancellationToken cancellationToken)
    {
        var unfinished = await uploads.CountAsync(caller.Id, cancellationToken);
        // An upload without a length may become as large as the largest image.
        return (await use.ReadAsync([new KeyOwner(caller.Id, caller.Name)], cancellationToken))[0] + unfinished.Bytes + unfinished.Open * options.MaxImageBytes;
    }

    private async Task<bool> CompletesAsync(Task released, CancellationToken cancellationToken)
    {
        await Task.WhenAny(released, Task.Delay(Patience, time, cancellationToken));
        return released.IsCompleted;
    }

    private KeyInProgress Open(Guid id)
    {
        lock (_lock)
        {
            if (!_keys.TryGetValue(id, out var key))
                _keys.Add(id, key = new KeyInProgress(id));
            key.Uploads++;
            return key;
        }
    }

    private void Close(KeyInProgress key)
    {
        lock (_lock)
        {
            if (--key.Uploads == 0)
                _keys.Remove(key.Id);
        }
    }
}

/// <summary>The uploads of a key in progress on this instance.</summary>
internal sealed class KeyInProgress(Guid id)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _reserved;
    private long _stored;

    public Guid Id => id;

    /// <summary>How many uploads hold it; changed under the lock of its owner.</summary>
    public int Uploads { get; set; }

    /// <summary>Bytes that were stored since this object exists.</summary>
    public long Stored => Volatile.Read(ref _stored);

    /// <summary>Whether an upload in progress has reserved bytes.</summary>
    public bool HasReservations => Volatile.Read(ref _reserved) > 0;

    /// <summary>Completes when an upload ends from now on.</summary>
    public Task NextRelease => Volatile.Read(ref _release).Task;

    /// <summary>Reserves more bytes, if all that is reserved and was stored since fits.</summary>
    public bool TryReserve(long bytes, long room, long storedBefore)
    {
        lock (_lock)
        {
            if (_stored - storedBefore + _reserved + bytes > room)
                return false;
            _reserved += bytes;
            return true;
        }
    }

    /// <summary>Ends a reservation.</summary>
    public void Release(long bytes, bool isStored)
    {
        lock (_lock)
        {
            _reserved -= bytes;
            if (isStored)
                _stored += bytes;
        }

        Interlocked.Exchange(ref _release, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }
}
