using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using ImageAspire.Core.Json;
using ImageAspire.Core.Uploads;

namespace ImageAspire.Azure.Uploads;

/// <summary>
/// One upload as an append blob <c>{key}/{id}</c>: its content is the bytes so far, its metadata the upload. The client's metadata is stored
/// separately and unchanged: encoded in the JSON it could exceed the 8 KiB of blob metadata.
/// </summary>
internal static class UploadBlob
{
    private const string Document = "upload";
    private const string ClientMetadata = "told"; // the stored name; existing uploads have it

    public static string NameOf(Guid owner, Guid id) => $"{FolderOf(owner)}{id:N}";

    public static string FolderOf(Guid owner) => $"{owner:N}/";

    public static AppendBlobClient Of(BlobContainerClient container, Guid owner, Guid id) => container.GetAppendBlobClient(NameOf(owner, id));

    public static Dictionary<string, string> Write(ResumableUpload upload)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(upload with { Metadata = null }, CoreJson.Default.ResumableUpload);
        var metadata = new Dictionary<string, string> { [Document] = Convert.ToBase64String(json) };
        if (upload.Metadata is { } text)
            metadata[ClientMetadata] = text.Trim();
        return metadata;
    }

    /// <summary>The upload and its offset; null for a blob that is no upload.</summary>
    public static UploadState? Read(IDictionary<string, string> metadata, long length, DateTimeOffset changedAt)
    {
        // The service may change the case of metadata names.
        var values = new Dictionary<string, string>(metadata, StringComparer.OrdinalIgnoreCase);
        if (!values.TryGetValue(Document, out var text) || JsonSerializer.Deserialize(Convert.FromBase64String(text), CoreJson.Default.ResumableUpload) is not { } upload)
            return null;
        upload = upload with { Metadata = values.GetValueOrDefault(ClientMetadata) };
        return new UploadState(upload, upload.ImageId is null ? length : upload.Length ?? 0, changedAt.ToUniversalTime());
    }
}
