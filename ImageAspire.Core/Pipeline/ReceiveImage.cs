using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Core.Pipeline;

/// <summary>
/// The first stage, in the Api: reads the bytes once (limit, signature, digest), then makes blob, record and event durable.
/// <see cref="StageAsync"/> may be called for many files before one <see cref="CommitAsync"/>: nothing is visible until then.
/// </summary>
/// <param name="catalog">Where records go.</param>
/// <param name="blobs">Where bytes go.</param>
/// <param name="findings">Which stored originals are known to be damaged.</param>
/// <param name="time">Clock.</param>
/// <param name="formats">What is accepted; by default every format.</param>
public sealed class ReceiveImage(IImageCatalog catalog, IBlobStore blobs, IScrubFindingStore findings, TimeProvider time, AcceptedFormats? formats = null)
{
    /// <summary>Name of the stage.</summary>
    public const string StageName = nameof(ReceiveImage);

    /// <summary>Reads a file to its end into a staged blob.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="name">What the client calls it.</param>
    /// <param name="maxBytes">Limit in bytes; reading stops one buffer after it.</param>
    /// <param name="cancellationToken">Ends when the client disconnects.</param>
    /// <exception cref="UploadRefusedException">Empty, too large, or not an accepted format. Nothing is left behind.</exception>
    public async Task<StagedImage> StageAsync(Stream content, string? name, long maxBytes, CancellationToken cancellationToken)
    {
        var read = UploadReadSpan.Begin(time);
        var staged = await blobs.StageAsync(cancellationToken);
        try
        {
            var (format, bytes, sha256) = await CopyAsync(content, staged.Content, maxBytes, cancellationToken);
            Failpoint.Hit(FailpointNames.ReceiveStaged);
            return new StagedImage(staged, ImageName.Clean(name), format, bytes, sha256) { Read = read?.End(time) };
        }
        catch
        {
            await staged.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes staged files durable, in one catalog write. Afterwards every accepted one survives a power cut.</summary>
    /// <param name="files">Disposed here, whatever happens.</param>
    /// <param name="uploader">Who uploads them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// One answer per file, in order: the new record, or the existing one with the same bytes. An existing one whose bytes are known to be
    /// lost or damaged gets them back from the upload, and if it failed for that reason, it continues on its path.
    /// </returns>
    public async Task<IReadOnlyList<ReceivedImage>> CommitAsync(
        IReadOnlyList<StagedImage> files, Uploader uploader, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity(StageName);
        try
        {
            var repair = new ContentRepair(catalog, blobs, findings, time, uploader.Name);
            await using var batch = new UploadBatch(catalog, blobs, repair, time, uploader, files.Count);
            for (var i = 0; i < files.Count; i++)
                await batch.AddAsync(i, files[i], cancellationToken);
            await batch.CommitAsync(cancellationToken);
            var answers = batch.Answers;
            Describe(span, files, answers);
            return answers;
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

    private static void Describe(Activity? span, IReadOnlyList<StagedImage> files, ReceivedImage[] answers)
    {
        if (span is null)
            return;
        if (answers.Length > 0)
            span.Name(answers[0].Record.Name);
        foreach (var (file, (record, duplicate)) in files.Zip(answers))
        {
            file.Read?.Write(record.Id, file.Bytes);
            if (duplicate)
                span.LinkTo(record);
        }

        if (answers is not [var (only, known)])
            return; // several images: each has its own spans below this one
        span.About(only.Id)?.SetTag(Spans.ImageBytes, only.Bytes).SetTag(Spans.Duplicate, known);
        span.Top().About(only.Id);
    }

    private async Task<(ImageFormat Format, long Bytes, string Sha256)> CopyAsync(
        Stream content, Stream target, long maxBytes, CancellationToken cancellationToken)
    {
        using var copy = new HashingCopy(time);
        ImageFormat? format = null;
        while (await copy.FillAsync(content, cancellationToken) is > 0)
        {
            format ??= (formats ?? AcceptedFormats.All).Of(copy.Filled.Span);
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
