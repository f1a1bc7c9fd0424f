using System.Text.Json;
using ImageAspire.Core.Json;
using ImageAspire.Core.Uploads;
using ImageAspire.Embedded.Files;

namespace ImageAspire.Embedded.Uploads;

/// <summary>
/// The files of one upload, in <c>uploads/{key}/</c>: <c>{id}.json</c> is the upload itself, which exists as long as this file does,
/// <c>{id}.part</c> its bytes, <c>{id}.lock</c> the lock of the process that writes. Names consist of ids only.
/// </summary>
internal sealed class UploadFiles(string folder, Guid id)
{
    /// <summary>Extension of the upload itself.</summary>
    public const string Sidecars = ".json";

    /// <summary>Extension of the bytes.</summary>
    public const string Parts = ".part";

    /// <summary>Extension of the upload while it is written.</summary>
    public const string Temporary = ".new";

    private const string Locks = ".lock";

    public UploadFiles(string root, Guid owner, Guid id)
        : this(FolderOf(root, owner), id)
    {
    }

    public string Sidecar => PathOf(Sidecars);

    public string Part => PathOf(Parts);

    public string Lock => PathOf(Locks);

    /// <summary>The folder of a key's uploads.</summary>
    public static string FolderOf(string root, Guid owner) => Path.Combine(root, owner.ToString("N"));

    /// <summary>The id in a file's name; null for another file.</summary>
    public static Guid? IdOf(FileInfo file) => Guid.TryParseExact(Path.GetFileNameWithoutExtension(file.Name), "N", out var id) ? id : null;

    /// <summary>The upload; null when there is none.</summary>
    public ResumableUpload? Read() =>
        RegularFiles.Read(Sidecar) is { } json ? JsonSerializer.Deserialize(json, CoreJson.Default.ResumableUpload) : null;

    /// <summary>Opens the bytes for reading and writing, without a buffer. Others may use them, too: Windows syncs only what is open for writing.</summary>
    /// <exception cref="FileNotFoundException">There are none, or no regular file.</exception>
    public FileStream OpenPart() => RegularFiles.Open(Part, buffer: 0, writable: true) ?? throw new FileNotFoundException("The bytes of the upload are not there.", Part);

    /// <summary>The upload and its offset; null when there is none.</summary>
    public UploadState? ReadState()
    {
        if (Read() is not { } upload)
            return null;
        try
        {
            return StateOf(upload);
        }
        catch (FileNotFoundException)
        {
            // Finished or removed since the sidecar was read.
            return Read() is { ImageId: not null } finished ? StateOf(finished) : null;
        }
    }

    /// <summary>Writes the upload atomically: readers see the previous version or this one, also after a power cut.</summary>
    public void Write(ResumableUpload upload)
    {
        var temporary = PathOf(Temporary);
        UnixFiles.TryDelete(temporary); // of a process that died; or no file of ours
        using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            file.Write(JsonSerializer.SerializeToUtf8Bytes(upload, CoreJson.Default.ResumableUpload));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, Sidecar, overwrite: true);
        UnixFiles.SyncFolder(folder);
    }

    /// <summary>
    /// The offset of an upload. The bytes are synced after they are counted, so that all of those survive a power cut, also while another
    /// process appends more.
    /// </summary>
    private UploadState StateOf(ResumableUpload upload)
    {
        if (upload.ImageId is not null)
            return new UploadState(upload, upload.Length ?? 0, File.GetLastWriteTimeUtc(Sidecar));
        using var part = OpenPart();
        var (length, changed) = (RandomAccess.GetLength(part.SafeFileHandle), File.GetLastWriteTimeUtc(part.SafeFileHandle));
        RandomAccess.FlushToDisk(part.SafeFileHandle);
        return new UploadState(upload, length, changed);
    }

    /// <summary>Deletes the upload: the sidecar first, because without it there is no upload.</summary>
    public void Delete()
    {
        UnixFiles.TryDelete(Sidecar);
        UnixFiles.TryDelete(Part);
        UnixFiles.TryDelete(PathOf(Temporary));
    }

    private string PathOf(string suffix) => Path.Combine(folder, id.ToString("N") + suffix);
}
