using ImageAspire.Api.Http;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Images;

/// <summary>The query parameters of every list of images: which page of which images.</summary>
internal static class ImageFilters
{
    /// <summary>Most characters of a text.</summary>
    public const int MaxText = 1000;

    private const int UsualLimit = 50;

    private static readonly QueryParameter<int> Limit = QueryParameter.Limit(ImageQuery.MaxLimit, UsualLimit);
    private static readonly QueryParameter<ImageStatus?> Status = QueryParameter.OneOf<ImageStatus?>("status", null, null,
        ("received", ImageStatus.Received), ("inspected", ImageStatus.Inspected), ("analyzed", ImageStatus.Analyzed), ("rejected", ImageStatus.Rejected), ("failed", ImageStatus.Failed));

    private static readonly QueryParameter<string?> Tag = QueryParameter.Text("tag", MaxText);
    private static readonly QueryParameter<DateTimeOffset?> From = QueryParameter.Time("from");
    private static readonly QueryParameter<DateTimeOffset?> To = QueryParameter.Time("to");
    private static readonly QueryParameter<DateTime?> TakenFrom = MetadataParameters.LocalTime("takenFrom");
    private static readonly QueryParameter<DateTime?> TakenTo = MetadataParameters.LocalTime("takenTo");
    private static readonly QueryParameter<int?> MinRating = MetadataParameters.Rating("minRating");
    private static readonly QueryParameter<string?> Camera = QueryParameter.Text("camera", MaxText);
    private static readonly QueryParameter<GeoArea?> Area = MetadataParameters.Area("bbox");
    private static readonly QueryParameter<bool?> Archived = QueryParameter.OneOf<bool?>("archived", false, "false", ("true", true), ("false", false), ("all", null));

    /// <summary>The parameters, for the OpenAPI document.</summary>
    public static IReadOnlyList<QueryParameter> Parameters { get; } =
        [Limit, QueryParameter.Cursor, Status, Tag, From, To, TakenFrom, TakenTo, MinRating, Camera, Area, Archived];

    /// <summary>Reads them.</summary>
    public static ImageQuery Read(QueryReader query) => new()
    {
        Limit = query.Get(Limit), Cursor = query.Get(QueryParameter.Cursor), Tag = query.Get(Tag)?.Trim().ToLowerInvariant(), Status = query.Get(Status),
        From = query.Get(From), To = query.Get(To), Archived = query.Get(Archived), TakenFrom = query.Get(TakenFrom), TakenTo = query.Get(TakenTo),
        MinRating = query.Get(MinRating), Camera = query.Get(Camera), Area = query.Get(Area),
    };
}
