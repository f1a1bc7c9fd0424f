using System.Buffers.Binary;
using ImageAspire.Core.Images;

namespace ImageAspire.Embedded.Catalog;

/// <summary>Keys of the tables from ids, digests and times.</summary>
internal static class RecordKeys
{
    /// <summary>Number of rowids per millisecond.</summary>
    public const long PerMillisecond = 1 << 16;

    // The years -2500 to 6400: beyond them a rowid would not fit into 64 bits.
    private const long MaxMilliseconds = 1L << 46;

    /// <summary>The preferred rowid of a record: milliseconds of the upload × 65,536 + 16 bits of the id.</summary>
    public static long Rowid(ImageRecord record) =>
        FirstRowidAt(record.UploadedAt) + BinaryPrimitives.ReadUInt16BigEndian(Id(record.Id).AsSpan(14));

    /// <summary>The same from an id alone, a UUIDv7 of the time of its upload.</summary>
    public static long PreferredRowid(Guid id)
    {
        var bytes = Id(id).AsSpan();
        return ((long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16) * PerMillisecond) + BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
    }

    /// <summary>The next rowid of the same millisecond; it wraps around.</summary>
    public static long Next(long rowid) => (rowid & ~(PerMillisecond - 1)) | ((rowid + 1) & (PerMillisecond - 1));

    /// <summary>The smallest rowid of an upload at or after a time.</summary>
    public static long FirstRowidAt(DateTimeOffset time)
    {
        var milliseconds = time.ToUnixTimeMilliseconds() + (time.UtcTicks % TimeSpan.TicksPerMillisecond == 0 ? 0 : 1);
        return Math.Clamp(milliseconds, -MaxMilliseconds, MaxMilliseconds) * PerMillisecond;
    }

    /// <summary>The value of <c>archived</c>: 0, 1 for an archived record, 2 for one in the trash, archived or not. Lists ask for 0, for 1 or for both.</summary>
    public static int Archived(ImageRecord record) => record.DeletedAt is not null ? 2 : record.ArchivedAt is not null ? 1 : 0;

    /// <summary>16 bytes, big-endian, so that UUIDv7 sort by time.</summary>
    public static byte[] Id(Guid id) => id.ToByteArray(bigEndian: true);

    /// <summary>32 bytes; null for an invalid digest.</summary>
    public static byte[]? Digest(string sha256)
    {
        var bytes = new byte[32];
        return sha256.Length == 64 && Convert.FromHexString(sha256, bytes, out _, out _) == System.Buffers.OperationStatus.Done ? bytes : null;
    }
}
