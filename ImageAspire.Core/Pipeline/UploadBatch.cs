using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;

namespace ImageAspire.Core.Pipeline;

/// <summary>
/// The files of one upload on their way into the stores: blobs first, then all records in one write. It owns the compensation: disposing
/// it removes every blob that it stored and that certainly has no record.
/// </summary>
internal sealed class UploadBatch(IImageCatalog catalog, IBlobStore blobs, ContentRepair repair, TimeProvider time, Uploader uploader, int size) : IAsyncDisposable
{
    private readonly ReceivedImage?[] _answers = new ReceivedImage?[size];
    private readonly List<(int Index, Transition Receipt)> _new = new(size);
    private readonly HashSet<string> _withoutRecord = [];

    /// <summary>The answers, in the order of the files; complete after <see cref="CommitAsync"/>.</summary>
    public ReceivedImage[] Answers => [.. _answers.OfType<ReceivedImage>()];

    /// <summary>Stores a file's bytes, or finds the image that has them already.</summary>
    public async Task AddAsync(int index, StagedImage file, CancellationToken cancellationToken)
    {
        if (await catalog.FindAsync(file.Sha256, cancellationToken) is { } existing)
        {
            _answers[index] = new ReceivedImage(await repair.RepairAsync(file, await RestoreAsync(existing, cancellationToken), cancellationToken), Duplicate: true);
            return;
        }

        var cause = Cause.Now(uploader.Name, time) with { KeyId = uploader.KeyId };
        var receipt = ImageLifecycle.Receive(file.Id ?? Guid.CreateVersion7(cause.At), file.Name, file.Format, file.Bytes, file.Sha256,
            Activity.Current?.TraceId.ToHexString(), cause);
        _withoutRecord.Add(receipt.After!.BlobName);
        await file.Blob.CommitAsync(receipt.After.BlobName, file.Format.ContentType, cancellationToken);
        Failpoint.Hit(FailpointNames.ReceiveBlobDurable);
        _new.Add((index, receipt));
    }

    /// <summary>Writes the records of the new images and their events.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (_new.Count == 0)
            return;
        Failpoint.Hit(FailpointNames.ReceiveBeforeCommit);
        var results = await WriteRecordsAsync(cancellationToken);
        Failpoint.Hit(FailpointNames.ReceiveCommitted);
        // All at once: an error with one of them below must not take the bytes of another.
        _withoutRecord.ExceptWith(_new.Zip(results).Where(one => one.Second == CommitResult.Applied).Select(one => one.First.Receipt.After!.BlobName));
        foreach (var ((index, receipt), result) in _new.Zip(results))
            _answers[index] = result == CommitResult.Applied ? Accept(receipt) : await FindWinnerAsync(receipt, cancellationToken);
    }

    /// <summary>Removes the blobs without a record. What cannot be removed now is left to the orphan sweeper.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var name in _withoutRecord)
        {
            try
            {
                await blobs.DeleteAsync(name, CancellationToken.None);
            }
            catch (IOException error)
            {
                Activity.Current?.AddException(error, new TagList { { Spans.BlobName, name } });
            }
        }
    }

    private async Task<IReadOnlyList<CommitResult>> WriteRecordsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await catalog.CommitAsync([.. _new.Select(one => one.Receipt)], cancellationToken);
        }
        catch (Exception error) when (error is not StoreUnavailableException { NothingWritten: true })
        {
            // The records may stand, or be written later: their bytes must stay.
            _withoutRecord.Clear();
            throw;
        }
    }

    private static ReceivedImage Accept(Transition receipt)
    {
        var record = receipt.After!;
        Telemetry.ImagesReceived.Add(1);
        Telemetry.BytesReceived.Add(record.Bytes);
        return new ReceivedImage(record, Duplicate: false);
    }

    // Another upload of the same bytes was faster.
    private async Task<ReceivedImage> FindWinnerAsync(Transition receipt, CancellationToken cancellationToken) =>
        await catalog.FindAsync(receipt.After!.Sha256, cancellationToken) is { } winner
            ? new ReceivedImage(await RestoreAsync(winner, cancellationToken), Duplicate: true)
            : throw ContentRepair.DeletedMeanwhile();

    // Whoever sends the bytes of an image in the trash wants it to be there: it comes back as it was.
    private async Task<ImageRecord> RestoreAsync(ImageRecord known, CancellationToken cancellationToken)
    {
        if (known.DeletedAt is null)
            return known;
        var restored = await catalog.TransitionWithTrashAsync(known.Id, record => ImageLifecycle.Restore(record, Cause.Now(uploader.Name, time)), cancellationToken);
        return restored?.After ?? await catalog.GetAsync(known.Id, cancellationToken) ?? throw ContentRepair.DeletedMeanwhile();
    }
}
