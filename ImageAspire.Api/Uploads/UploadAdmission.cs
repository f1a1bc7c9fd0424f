using ImageAspire.Api.Access;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Uploads;

/// <summary>Decides before a byte is read whether an upload may begin: the disk keeps its reserve, and the key its quota.</summary>
internal sealed class UploadAdmission(IStorageSpace space, StorageQuotas quotas)
{
    /// <summary>Admits an upload.</summary>
    /// <param name="caller">Its key.</param>
    /// <param name="bytes">How many bytes it will store, as announced; 0 when that is unknown.</param>
    /// <param name="cancellationToken">Cancels the checks.</param>
    /// <exception cref="StoreUnavailableException">The disk is nearly full.</exception>
    /// <exception cref="UploadRefusedException">The quota of the key is used up, or would be exceeded.</exception>
    public async Task<AdmittedUpload> AdmitAsync(Caller caller, long bytes, CancellationToken cancellationToken)
    {
        await space.CheckAsync(bytes, cancellationToken);
        return new AdmittedUpload(space, await quotas.ReserveAsync(caller, bytes, cancellationToken));
    }
}

/// <summary>An upload that may go on as long as disk and quota have room for what arrives.</summary>
internal sealed class AdmittedUpload(IStorageSpace space, QuotaReservation reservation) : IDisposable
{
    /// <summary>A body, or a part of one, whose bytes are checked as they arrive. What was reserved for one that is refused is given back.</summary>
    public Stream Meter(Stream body)
    {
        var arrived = 0L;
        return new MeteredStream(body, async (bytes, cancellationToken) =>
        {
            if (!reservation.TryCount(bytes))
            {
                reservation.GiveBack(arrived);
                throw reservation.OverQuota();
            }

            arrived += bytes;
            await space.CheckAsync(bytes, cancellationToken);
        });
    }

    /// <summary>The bytes are stored, and count as such.</summary>
    public void Complete() => reservation.IsStored = true;

    public void Dispose() => reservation.Dispose();
}
