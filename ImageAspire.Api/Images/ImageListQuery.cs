using ImageAspire.Api.Http;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Images;

/// <summary>The query string of the image list.</summary>
internal static class ImageListQuery
{
    private const int MaxText = 1000;
    private const int UsualLimit = 50;

    private static readonly QueryParameter<int> Limit = QueryParameter.Limit(ImageQuery.MaxLimit, UsualLimit);
    private static readonly QueryParameter<ImageStatus?> Status = QueryParameter.OneOf<ImageStatus?>("status", null, null,
        ("received", ImageStatus.Received), ("inspected", ImageStatus.Inspected), ("analyzed", ImageStatus.Analyzed), ("rejected", ImageStatus.Rejected), ("failed", ImageStatus.Failed));

    private static readonly QueryParameter<string?> Tag = QueryParameter.Text("tag", MaxText);
    private static readonly QueryParameter<string?> Text = QueryParameter.Text("q", MaxText);
    private static readonly QueryParameter<DateTimeOffset?> From = QueryParameter.Time("from");
    private static readonly QueryParameter<DateTimeOffset?> To = QueryParameter.Time("to");
    private static readonly QueryParameter<DateTime?> TakenFrom = MetadataParameters.LocalTime("takenFrom");
    private static readonly QueryParameter<DateTime?> TakenTo = MetadataParameters.LocalTime("takenTo");
    private static readonly QueryParameter<int?> MinRating = MetadataParameters.Rating("minRating");
    private static readonly QueryParameter<string?> Camera = QueryParameter.Text("camera", MaxText);
    private static readonly QueryParameter<GeoArea?> Area = MetadataParameters.Area("bbox");
    private static readonly QueryParameter<bool?> Archived = QueryParameter.OneOf<bool?>("archived", false, "false", ("true", true), ("false", false), ("all", null));
    private static readonly QueryParameter<ImageSort> Sort = QueryParameter.OneOf("sort", ImageSort.Newest, "newest",
        ("newest", ImageSort.Newest), ("oldest", ImageSort.Oldest), ("name", ImageSort.Name), ("largest", ImageSort.Largest), ("taken", ImageSort.Taken));

    /// <summary>Its parameters, for the OpenAPI document.</summary>
    public static QueryParameters Parameters { get; } =
        new(Limit, QueryParameter.Cursor, Status, Tag, Text, From, To, TakenFrom, TakenTo, MinRating, Camera, Area, Archived, Sort);

    /// <summary>Reads it, or names the first parameter that is not understood.</summary>
    public static Parsed<ImageQuery> Read(HttpRequest request)
    {
        var query = new QueryReader(request.Query);
        var wanted = new ImageQuery
        {
            Limit = query.Get(Limit), Cursor = query.Get(QueryParameter.Cursor), Tag = query.Get(Tag)?.Trim().ToLowerInvariant(), Text = query.Get(Text),
            Status = query.Get(Status), Sort = query.Get(Sort), From = query.Get(From), To = query.Get(To), Archived = query.Get(Archived),
            TakenFrom = query.Get(TakenFrom), TakenTo = query.Get(TakenTo), MinRating = query.Get(MinRating), Camera = query.Get(Camera), Area = query.Get(Area),
        };
        return query.Problem is { } problem ? problem : wanted;
    }
}
