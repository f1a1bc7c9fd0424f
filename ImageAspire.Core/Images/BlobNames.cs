namespace ImageAspire.Core.Images;

/// <summary>
/// Names of blobs. A name starts with the digest of the original (so that a store can be verified without the catalog)
/// and ends with the image's own id (so that deleting one image can never take the bytes of another).
/// </summary>
public static class BlobNames
{
    /// <summary>Folder of the originals.</summary>
    public const string Originals = "originals/";

    /// <summary>Folder of the thumbnails.</summary>
    public const string Thumbnails = "thumbnails/";

    /// <summary>The original: <c>originals/{sha256}.{id}</c>.</summary>
    public static string Original(string sha256, Guid id) => $"{Originals}{sha256}.{id:D}";

    /// <summary>A thumbnail: <c>thumbnails/{sha256}.{id}.{size}.{webp|jpeg}</c>.</summary>
    public static string Thumbnail(string sha256, Guid id, int size, string contentType) =>
        $"{Thumbnails}{sha256}.{id:D}.{size}.{(contentType == "image/webp" ? "webp" : "jpeg")}";

    /// <summary>The image a blob belongs to; null for a name that this class did not make.</summary>
    public static Guid? ImageOf(string blobName)
    {
        var parts = blobName[(blobName.LastIndexOf('/') + 1)..].Split('.');
        return parts.Length >= 2 && Guid.TryParseExact(parts[1], "D", out var id) ? id : null;
    }
}
