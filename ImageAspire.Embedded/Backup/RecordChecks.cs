using System.Text.Json;
using ImageAspire.Core.Images;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Sqlite;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Embedded.Backup;

/// <summary>Checks a record: whether its columns and its document agree, and whether its state is possible.</summary>
internal static class RecordChecks
{
    /// <summary>The columns for <see cref="Read"/>.</summary>
    public const string Columns = "rowid, id, version, status, archived, name, sha256, bytes, doc";

    private const string Remedy = "restore the catalog from a backup, or delete this image and upload it again";

    /// <summary>The record of a row; null when it cannot be read, which is reported.</summary>
    public static ImageRecord? Read(SqliteDataReader row, VerificationReport report)
    {
        try
        {
            var record = CatalogWriter.ReadDocument(row, 8);
            if (Difference(row, record) is { } difference)
                report.Fault("contradicting-record", $"image {record.Id}: the columns and the document differ in {difference}", Remedy);
            if (Impossible(record) is { } why)
                report.Fault("impossible-state", $"image {record.Id}: {why}", Remedy);
            return record;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            report.Fault("unreadable-record", $"row {row.GetInt64(0)} of the catalog: {error.Message}", Remedy);
            return null;
        }
    }

    private static string? Difference(SqliteDataReader row, ImageRecord record)
    {
        if (row.GetInt64(0) - RecordKeys.FirstRowidAt(record.UploadedAt) is < 0 or >= RecordKeys.PerMillisecond)
            return "the time of the upload";
        if (!row.GetFieldValue<byte[]>(1).AsSpan().SequenceEqual(RecordKeys.Id(record.Id)))
            return "the id";
        if (row.GetInt64(2) != record.Version)
            return "the version";
        if (row.GetInt32(3) != (int)record.Status)
            return "the status";
        if (row.GetInt32(4) != RecordKeys.Archived(record))
            return "being archived or in the trash";
        if (!row.GetFieldValue<byte[]>(6).AsSpan().SequenceEqual(RecordKeys.Digest(record.Sha256)))
            return "the digest";
        return row.GetInt64(7) != record.Bytes ? "the size" : null;
    }

    private static string? Impossible(ImageRecord record) => record switch
    {
        { Version: < 1 } => $"its version is {record.Version}",
        { Bytes: < 1 } => $"its size is {record.Bytes}",
        { Status: ImageStatus.Inspected or ImageStatus.Analyzed, Width: null } => $"it is {record.Status} but has no dimensions",
        { Status: ImageStatus.Analyzed, Analysis: null } => "it is analyzed but has no analysis",
        { Status: ImageStatus.Rejected or ImageStatus.Failed, Failure: null } => $"it is {record.Status} without a reason",
        { Status: ImageStatus.Received or ImageStatus.Inspected or ImageStatus.Analyzed, Failure: not null } => $"it is {record.Status} but has a failure",
        _ => null,
    };

    /// <summary>A page of records after a rowid, each with its rowid.</summary>
    public static List<(long Rowid, ImageRecord? Record)> Page(SqliteSession catalog, long after, int count, VerificationReport report) =>
        catalog.Query($"SELECT {Columns} FROM images WHERE rowid>@1 ORDER BY rowid LIMIT @2", row => (row.GetInt64(0), Read(row, report)), after, count);
}
