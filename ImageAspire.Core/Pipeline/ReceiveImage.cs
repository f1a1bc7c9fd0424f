using System.Diagnostics;
using System.Security.Cryptography;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;

namespace ImageAspire.Core.Pipeline;

/// <summary>
/// The first stage, in the Api: streams bytes once (limit, signature, digest), then makes blob, record and event durable.
/// <see cref="StageAsync"/> may be called for many files before one <see cref="CommitAsync"/>: nothing is visible until then.
/// </summary>
public sealed class ReceiveImage(IImageCatalog catalog, IBlobStore blobs, TimeProvider time)
{
    /// <summary>Name of the stage.</summary>
    public const string StageName = nameof(ReceiveImage);

    /// <summary>Reads a file to its end into a staged blob.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="name">What the client calls it.</param>
    /// <param name="maxBytes">Limit; reading stops one byte after it.</param>
    /// <param name="cancellationToken">The client went away.</param>
    /// <exception cref="UploadRefusedException">Empty, too large, or not an accepted format. Nothing is left behind.</exception>
    public async Task<StagedImage> StageAsync(Stream content, string? name, long maxBytes, CancellationToken cancellationToken)
    {
        var reading = UploadReadSpan.Begin(time);
        var staged = await blobs.StageAsync(cancellationToken);
        try
        {
            var (format, bytes, sha256) = await CopyAsync(content, staged.Content, maxBytes, cancellationToken);
            Failpoint.Hit(FailpointNames.ReceiveStaged);
            return new StagedImage(staged, ImageName.Clean(name), format, bytes, sha256) { Reading = reading?.End(time) };
        }
        catch
        {
            await staged.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes staged files durable, in one catalog write. Afterwards every accepted one survives a power cut.</summary>
    /// <param name="files">Disposed here, whatever happens.</param>
    /// <param name="actor">Name of the API key.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>
    /// One answer per file, in order: the new record, or the existing one with the same bytes. An existing one that failed because
    /// its bytes were lost gets them back from the upload and is on its way again.
    /// </returns>
    public async Task<IReadOnlyList<ReceivedImage>> CommitAsync(
        IReadOnlyList<StagedImage> files, string actor, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(StageName);
        try
        {
            var answers = new ReceivedImage?[files.Count];
            var moves = new List<(int Index, Transition Move)>(files.Count);
            for (var i = 0; i < files.Count; i++)
            {
                if (await catalog.FindAsync(files[i].Sha256, cancellationToken) is { } existing)
                    answers[i] = new ReceivedImage(LacksBytes(existing) ? await RestoreAsync(files[i], existing, actor, cancellationToken) : existing, true);
                else
                    moves.Add((i, await StoreBlobAsync(files[i], actor, cancellationToken)));
            }

            if (moves.Count > 0)
                await CommitRecordsAsync(moves, answers, cancellationToken);
            Tell(span, files, answers!);
            return answers!;
        }
        catch (Exception error)
        {
            span.Fail(error);
            throw;
        }
        finally
        {
            foreach (var file in files)
                await file.DisposeAsync();
        }
    }

    private static void Tell(Activity? span, IReadOnlyList<StagedImage> files, ReceivedImage[] answers)
    {
        if (span is null)
            return;
        for (var i = 0; i < answers.Length; i++)
        {
            files[i].Reading?.Tell(answers[i].Record.Id, files[i].Bytes);
            if (answers[i].Duplicate)
                span.LinkTo(answers[i].Record);
        }

        if (answers is not [var (record, duplicate)])
            return; // several images: each has its own spans below this one
        span.About(record.Id)?.SetTag(Spans.ImageBytes, record.Bytes).SetTag(Spans.Duplicate, duplicate);
        span.Top().About(record.Id);
    }

    private async Task<Transition> StoreBlobAsync(StagedImage file, string actor, CancellationToken cancellationToken)
    {
        var cause = Cause.Now(actor, time);
        var move = ImageLifecycle.Receive(file.Id ?? Guid.CreateVersion7(cause.At), file.Name, file.Format, file.Bytes, file.Sha256,
            Activity.Current?.TraceId.ToHexString(), cause);
        await file.Blob.CommitAsync(move.After!.BlobName, file.Format.ContentType, cancellationToken);
        Failpoint.Hit(FailpointNames.ReceiveBlobDurable);
        return move;
    }

    private static bool LacksBytes(ImageRecord record) => record is { Status: ImageStatus.Failed, Failure.Code: FailureCodes.ContentUnavailable };

    // Bytes first, as for a new image: a crash between leaves a failed record with its bytes, and the next upload or retry goes on.
    private async Task<ImageRecord> RestoreAsync(StagedImage file, ImageRecord existing, string actor, CancellationToken cancellationToken)
    {
        if (await HasOtherBytesAsync(existing, cancellationToken))
            await blobs.DeleteAsync(existing.BlobName, cancellationToken);
        if (!await file.Blob.CommitAsync(existing.BlobName, existing.ContentType, cancellationToken) && await HasOtherBytesAsync(existing, cancellationToken))
            throw new RetryLaterException("The damaged bytes of this image cannot be replaced while a backup is made. Send the file again in a moment.");
        var moved = await catalog.TransitionAsync(existing.Id,
            record => LacksBytes(record) ? ImageLifecycle.AnalyzeAgain(record, Cause.Now(actor, time)) : null, cancellationToken);
        if ((moved?.After ?? await catalog.GetAsync(existing.Id, cancellationToken)) is { } record)
            return record;

        await blobs.DeleteAsync(existing.BlobName, CancellationToken.None);
        throw DeletedMeanwhile();
    }

    private async Task<bool> HasOtherBytesAsync(ImageRecord record, CancellationToken cancellationToken)
    {
        await using var there = await blobs.OpenAsync(record.BlobName, 0, null, cancellationToken);
        return there is not null && Convert.ToHexStringLower(await SHA256.HashDataAsync(there, cancellationToken)) != record.Sha256;
    }

    private static RetryLaterException DeletedMeanwhile() => new("The same bytes were uploaded and deleted at the same moment. Send the file again.");

    private async Task CommitRecordsAsync(
        List<(int Index, Transition Move)> moves, ReceivedImage?[] answers, CancellationToken cancellationToken)
    {
        // Past this line the record may become durable although the client leaves; a lost race must still be tidied up.
        Failpoint.Hit(FailpointNames.ReceiveBeforeCommit);
        IReadOnlyList<CommitResult> results;
        try
        {
            results = await catalog.CommitAsync([.. moves.Select(m => m.Move)], cancellationToken);
        }
        catch (StoreUnavailableException error) when (error.NothingWritten)
        {
            // What is refused leaves nothing behind, least of all on a disk that is full. When nobody knows whether the records stand, their
            // bytes stay: the sweeper finds out.
            foreach (var (_, move) in moves)
                await blobs.DeleteAsync(move.After!.BlobName, CancellationToken.None);
            throw;
        }

        Failpoint.Hit(FailpointNames.ReceiveCommitted);
        for (var i = 0; i < moves.Count; i++)
        {
            var record = moves[i].Move.After!;
            if (results[i] == CommitResult.Applied)
            {
                answers[moves[i].Index] = new ReceivedImage(record, false);
                Telemetry.ImagesReceived.Add(1);
                Telemetry.BytesReceived.Add(record.Bytes);
                continue;
            }

            // Somebody uploaded the same bytes at the same time and won.
            await blobs.DeleteAsync(record.BlobName, CancellationToken.None);
            var winner = await catalog.FindAsync(record.Sha256, cancellationToken)
                ?? throw DeletedMeanwhile();
            answers[moves[i].Index] = new ReceivedImage(winner, true);
        }
    }

    private async Task<(ImageFormat Format, long Bytes, string Sha256)> CopyAsync(
        Stream content, Stream target, long maxBytes, CancellationToken cancellationToken)
    {
        using var copy = new HashingCopy(time);
        ImageFormat? format = null;
        while (await copy.FillAsync(content, cancellationToken) is var filled and > 0)
        {
            format ??= ImageFormat.Sniff(copy.Filled.Span)
                ?? throw UploadRefusedException.UnsupportedFormat();
            if (copy.Total > maxBytes)
                throw UploadRefusedException.TooLarge(maxBytes);
            copy.Hash();
            await target.WriteAsync(copy.Filled, cancellationToken);
        }

        return format is null
            ? throw new UploadRefusedException(UploadRefusal.Empty, "The file is empty. Send the bytes of an image.")
            : (format, copy.Total, copy.Digest());
    }
}
