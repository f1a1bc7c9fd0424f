using System.Text.Json;
using ImageAspire.Core.Json;
using ImageAspire.Core.Uploads;
using ImageAspire.Embedded.Blobs;

namespace ImageAspire.Embedded.Uploads;

/// <summary>
/// The files of one upload, in <c>uploads/{key}/</c>: <c>{id}.json</c> is the upload (who has it, has one), <c>{id}.part</c> its bytes,
/// <c>{id}.lock</c> whose turn it is. Names are made of ids alone.
/// </summary>
internal sealed class UploadFiles(string folder, Guid id)
{
    public const string Sidecars = ".json";
    public const string Parts = ".part";
    public const string Locks = ".lock";
    public const string Temporary = ".new";

    public UploadFiles(string root, Guid owner, Guid id)
        : this(FolderOf(root, owner), id)
    {
    }

    public string Sidecar => PathOf(Sidecars);

    public string Part => PathOf(Parts);

    public string Lock => PathOf(Locks);

    public static string FolderOf(string root, Guid owner) => Path.Combine(root, owner.ToString("N"));

    /// <summary>The upload; null when there is none.</summary>
    public ResumableUpload? Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Sidecar), CoreJson.Default.ResumableUpload);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Writes the upload in one step: whoever reads sees the one before or this one, also after a power cut.</summary>
    public void Write(ResumableUpload upload)
    {
        var temporary = PathOf(Temporary);
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            file.Write(JsonSerializer.SerializeToUtf8Bytes(upload, CoreJson.Default.ResumableUpload));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, Sidecar, overwrite: true);
        UnixFiles.SyncFolder(folder);
    }

    /// <summary>
    /// How far an upload is. The bytes are synced after they were counted, so that each one that is told of survives a power cut, also
    /// while another process is writing more of them.
    /// </summary>
    public UploadState StateOf(ResumableUpload upload)
    {
        if (upload.ImageId is not null)
            return new UploadState(upload, upload.Length ?? 0, File.GetLastWriteTimeUtc(Sidecar));
        // Sharing everything takes no lock; writing is what syncing needs on Windows.
        using var part = new FileStream(Part, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var (length, changed) = (RandomAccess.GetLength(part.SafeFileHandle), File.GetLastWriteTimeUtc(part.SafeFileHandle));
        RandomAccess.FlushToDisk(part.SafeFileHandle);
        return new UploadState(upload, length, changed);
    }

    /// <summary>Deletes everything of the upload; the sidecar first, for without it there is no upload.</summary>
    public void Delete()
    {
        UnixFiles.TryDelete(Sidecar);
        UnixFiles.TryDelete(Part);
        UnixFiles.TryDelete(PathOf(Temporary));
    }

    private string PathOf(string suffix) => Path.Combine(folder, id.ToString("N") + suffix);
}
