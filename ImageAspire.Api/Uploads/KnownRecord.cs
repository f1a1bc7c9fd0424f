using ImageAspire.Api.Access;
using ImageAspire.Core.Images;

namespace ImageAspire.Api.Uploads;

/// <summary>What an uploader may see of the record that has the same bytes already.</summary>
internal static class KnownRecord
{
    /// <summary>
    /// The record for a caller who may read; else what the answer to a new image has: the bytes and the name as they were sent, id, version and
    /// status, and the uploader only when that is the caller.
    /// </summary>
    /// <param name="record">The record that was there.</param>
    /// <param name="name">The clean name of the uploaded file.</param>
    /// <param name="caller">Who uploads.</param>
    public static ImageRecord Of(ImageRecord record, string name, Caller caller)
    {
        if (caller.MayRead)
            return record;
        var isOwn = record.UploadedByKey == caller.Id;
        return new ImageRecord
        {
            Id = record.Id, Version = record.Version, Status = record.Status, Name = name, ContentType = record.ContentType, Bytes = record.Bytes, Sha256 = record.Sha256,
            UploadedAt = record.UploadedAt, UploadedBy = isOwn ? caller.Name : "", UploadedByKey = isOwn ? caller.Id : null, UpdatedAt = record.UploadedAt,
        };
    }
}
