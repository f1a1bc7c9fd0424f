using ImageAspire.Api.Http;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Images;

/// <summary>Finds the image of an address.</summary>
internal static class ImageLookup
{
    /// <summary>The record; the problem when there is none, or it is in the trash.</summary>
    public static async Task<Parsed<ImageRecord>> LookUpAsync(this IImageCatalog catalog, string id, CancellationToken cancellationToken)
    {
        var found = await catalog.LookUpWithTrashAsync(id, cancellationToken);
        return found.Value is { DeletedAt: not null } ? InTrash(found.Value) : found;
    }

    /// <summary>The record of an image in the trash; the problem when there is none.</summary>
    public static async Task<Parsed<ImageRecord>> LookUpInTrashAsync(this IImageCatalog catalog, string id, CancellationToken cancellationToken)
    {
        var found = await catalog.LookUpWithTrashAsync(id, cancellationToken);
        return found.Value is { DeletedAt: null } ? Problems.NotFound($"The image '{id}' is not in the trash.") : found;
    }

    /// <summary>The record, wherever it is; the problem when there is none.</summary>
    public static async Task<Parsed<ImageRecord>> LookUpWithTrashAsync(this IImageCatalog catalog, string id, CancellationToken cancellationToken) =>
        ImagesApi.ParseId(id) is { } imageId && await catalog.GetWithTrashAsync(imageId, cancellationToken) is { } record ? record : Problems.NoSuchImage(id);

    private static ProblemResult InTrash(ImageRecord record) => Problems.Of(404, ProblemCodes.InTrash,
        $"The image '{record.Id}' is in the trash, until {UtcTimeConverter.Format(record.PurgeAt ?? default)}. POST /api/images/{record.Id}/restore brings it back.");
}
