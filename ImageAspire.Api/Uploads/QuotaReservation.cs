using ImageAspire.Core.Pipeline;

namespace ImageAspire.Api.Uploads;

/// <summary>The part of a key's quota that an upload holds while it is in progress.</summary>
/// <param name="key">The uploads of the key; null for a key without a quota.</param>
/// <param name="quota">The quota.</param>
/// <param name="used">What the key's images and unfinished uploads needed when this began.</param>
/// <param name="storedBefore"><see cref="KeyInProgress.Stored"/> before that was read.</param>
/// <param name="close">Called at the end.</param>
internal sealed class QuotaReservation(KeyInProgress? key, long quota, long used, long storedBefore, Action<KeyInProgress> close) : IDisposable
{
    private long _reserved;
    private long _taken;
    private bool _isDisposed;

    /// <summary>Whether what was reserved is stored now; set it before disposing.</summary>
    public bool IsStored { get; set; }

    /// <summary>Reserves bytes; false when they do not fit.</summary>
    public bool TryTake(long bytes)
    {
        if (key is null)
            return true;
        if (!key.TryReserve(bytes, quota - used, storedBefore))
            return false;
        _reserved += bytes;
        return true;
    }

    /// <summary>Counts bytes that have arrived, and reserves those that were not announced; false when they do not fit.</summary>
    public bool TryCount(long bytes)
    {
        if (_taken + bytes > _reserved && !TryTake(_taken + bytes - _reserved))
            return false;
        _taken += bytes;
        return true;
    }

    /// <summary>Gives back what was counted for bytes that are not kept.</summary>
    public void GiveBack(long bytes)
    {
        key?.Release(bytes, isStored: false);
        (_reserved, _taken) = (_reserved - bytes, _taken - bytes);
    }

    /// <summary>Why bytes did not fit.</summary>
    public UploadRefusedException OverQuota() => UploadRefusedException.OverQuota(used, quota);

    public void Dispose()
    {
        if (key is null || _isDisposed)
            return;
        _isDisposed = true;
        key.Release(_reserved, IsStored);
        close(key);
    }
}
