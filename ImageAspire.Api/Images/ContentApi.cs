using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace ImageAspire.Api.Images;

/// <summary>The bytes of an image: the original and its thumbnails, streamed, with ranges and validators.</summary>
internal static class ContentApi
{
    // A browser must not execute the bytes, whatever they are.
    private const string Sandbox = "default-src 'none'; sandbox";

    private static readonly QueryParameter<string?> Download = QueryParameter.Suggested("download", ["1"]);
    private static readonly QueryParameter<bool> WithMetadata = QueryParameter.OneOf("metadata", true, "all", ("all", true), ("none", false));
    private static readonly QueryParameter<int> Size = new("size", new OpenApiSchema
    {
        Type = JsonSchemaType.Integer, Format = "int32", Enum = [256, 1024, 2048], Default = 256,
    }, 256, text => text switch { "256" => 256, "1024" => 1024, "2048" => 2048, _ => Problems.BadRequest(ProblemCodes.InvalidSize, "size must be 256, 1024 or 2048.") });

    // Not read: whoever caches thumbnails makes their address a new one with it.
    private static readonly QueryParameter<string?> Version = QueryParameter.Text("v") with
    {
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Any text, which makes another address of it for caches." },
    };

    /// <summary>The parameters of a thumbnail.</summary>
    public static QueryParameters ThumbnailParameters { get; } = new(Size, Version);

    public static void MapContent(this RouteGroupBuilder api)
    {
        var images = api.MapGroup("/images/{id}").WithTags("Bytes");
        images.MapGet("/content", ContentAsync).RequireScope(Scopes.Read).WithName("GetContent").WithSummary("The original, or a copy of it without metadata, with ranges.")
            .WithMetadata(new QueryParameters(Download, WithMetadata)).Produces(200, contentType: "application/octet-stream").Produces(206, contentType: "application/octet-stream");
        images.MapGet("/thumbnail", ThumbnailAsync).RequireScope(Scopes.Read).WithName("GetThumbnail").WithSummary("A thumbnail of 256 or 1024 pixels, or a preview of 2048 pixels of an original that browsers do not show.")
            .WithMetadata(ThumbnailParameters).Produces(200, contentType: "image/webp").Produces(206, contentType: "image/webp");
    }

    [ProblemStatuses(400, 404, 409, 503)]
    private static async Task<Results<StoredBytes, ProblemResult>> ContentAsync(string id, HttpContext context, IImageCatalog catalog, Originals originals)
    {
        var query = new QueryReader(context.Request.Query);
        var (download, withMetadata) = (query.Get(Download), query.Get(WithMetadata));
        if (query.Problem is not null)
            return query.Problem;
        // An empty one is a script's mistake, and must not hand out what was to be removed.
        if (context.Request.Query.TryGetValue(WithMetadata.Name, out var given) && string.IsNullOrEmpty(given))
            return QueryParameter.Invalid(WithMetadata.Name, "all or none");
        var found = await catalog.LookUpAsync(id, context.RequestAborted);
        if (found.Value is not { } record)
            return found.Problem!;
        var edits = withMetadata ? null : record.MetadataEdits;
        if (!withMetadata && (edits is null || !MetadataEdits.AreValid(edits, record.Bytes)))
            return NoCopy(record);
        if (await originals.OpenAsync(record, context.RequestAborted) is not { } original)
            return Problems.Of(503, ProblemCodes.StorageUnavailable, "The bytes of this image cannot be found in the store, or are not those that were uploaded. Try again; if it stays so, upload the file again or restore a backup.", retryAfterSeconds: 5);
        var disposition = new ContentDispositionHeaderValue(download == "1" ? "attachment" : "inline");
        disposition.SetHttpFileName(record.Name);
        context.Response.Headers.ContentDisposition = disposition.ToString();
        context.Response.Headers.CacheControl = "private, no-cache";
        return edits is null
            ? Answer(context, original, record.ContentType, $"\"{record.Sha256}\"", record.UploadedAt)
            : Answer(context, new EditedStream(original, edits), record.ContentType, $"\"{record.Sha256}-{MetadataEdits.Digest(edits)}\"", record.UpdatedAt);
    }

    /// <summary>A thumbnail of an image in the trash.</summary>
    [ProblemStatuses(400, 404)]
    public static Task<Results<StoredBytes, ProblemResult>> ThumbnailOfTrashAsync(string id, HttpContext context, IImageCatalog catalog, IBlobStore blobs) =>
        SendThumbnailAsync(context, blobs, () => catalog.LookUpInTrashAsync(id, context.RequestAborted));

    [ProblemStatuses(400, 404)]
    private static Task<Results<StoredBytes, ProblemResult>> ThumbnailAsync(string id, HttpContext context, IImageCatalog catalog, IBlobStore blobs) =>
        SendThumbnailAsync(context, blobs, () => catalog.LookUpAsync(id, context.RequestAborted));

    private static async Task<Results<StoredBytes, ProblemResult>> SendThumbnailAsync(HttpContext context, IBlobStore blobs, Func<Task<Parsed<ImageRecord>>> find)
    {
        var query = new QueryReader(context.Request.Query);
        var size = query.Get(Size);
        if (query.Problem is not null)
            return query.Problem;
        var found = await find();
        if (found.Value is not { } record)
            return found.Problem!;
        var wanted = record.Thumbnails.Where(t => t.Size == size).ToList();
        if (wanted.Count == 0)
            return Missing(record);
        var chosen = wanted.Find(t => t.ContentType == "image/webp" == AcceptsWebp(context.Request)) ?? wanted[0];
        context.Response.Headers.Vary = "Accept";
        if (await blobs.OpenAsync(BlobNames.Thumbnail(record.Sha256, record.Id, chosen.Size, chosen.ContentType), 0, null, context.RequestAborted) is not { } thumbnail)
            return Missing(record with { Status = ImageStatus.Received });
        context.Response.Headers.CacheControl = "private, max-age=86400";
        return Answer(context, thumbnail, chosen.ContentType, $"\"{record.Sha256}-{chosen.Size}-{chosen.ContentType[6..]}\"", record.UploadedAt);
    }

    private static ProblemResult NoCopy(ImageRecord record) => record.Status == ImageStatus.Received
        ? Problems.Of(409, ProblemCodes.NotInspected, "The image is not inspected yet; what is metadata in it is not known. Ask again in a moment.", retryAfterSeconds: 1)
        : Problems.Of(409, ProblemCodes.NoCopyWithoutMetadata, "There is no copy of this image without metadata: its file is damaged or of a kind from which metadata cannot be removed safely, or it was inspected by "
            + "an earlier version or without the codec library. In the last two cases run the stage inspect-image again (POST /api/operations/stages/inspect-image/run-all).");

    private static ProblemResult Missing(ImageRecord record) => record.Status == ImageStatus.Received
        ? Problems.Of(404, ProblemCodes.ThumbnailNotReady, "The thumbnail is not made yet. Ask again in a moment.", retryAfterSeconds: 1)
        : Problems.Of(404, ProblemCodes.NoThumbnail, "There is no thumbnail of this size: the image could not be decoded, the codec library was missing, or, of 2048 pixels, browsers show the original or it is smaller.");

    // A client that lists image types without WebP (or with q=0 for it) gets JPEG; all others get the smaller file.
    private static bool AcceptsWebp(HttpRequest request)
    {
        var accept = request.GetTypedHeaders().Accept;
        if (accept.Count == 0)
            return true;
        var webp = new MediaTypeHeaderValue("image/webp");
        if (accept.FirstOrDefault(type => type.MediaType == webp.MediaType) is { } named)
            return named.Quality != 0;
        return accept.Any(type => type.MatchesAllTypes || type.MatchesAllSubTypes && type.Type == "image")
            && !accept.Any(type => type.MediaType == "image/jpeg" && type.Quality is null or 1);
    }

    private static StoredBytes Answer(HttpContext context, Stream bytes, string contentType, string tag, DateTimeOffset modified)
    {
        context.Response.Headers.ContentSecurityPolicy = Sandbox;
        // Other units are ignored (RFC 9110, 14.2); the framework would read them as bytes.
        if (!context.Request.Headers.Range.ToString().StartsWith("bytes=", StringComparison.OrdinalIgnoreCase))
            context.Request.Headers.Remove(HeaderNames.Range);
        return new StoredBytes(TypedResults.Stream(bytes, contentType, lastModified: modified, entityTag: new EntityTagHeaderValue(tag), enableRangeProcessing: true));
    }
}
