using ImageAspire.Api.Http;
using ImageAspire.Api.Search;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Images;

/// <summary>The query string of the image list.</summary>
internal static class ImageListQuery
{
    private static readonly QueryParameter<string?> Text = QueryParameter.Text("q", ImageFilters.MaxText);
    private static readonly QueryParameter<bool> Match = QueryParameter.OneOf("match", true, "meaning", ("meaning", true), ("words", false));
    private static readonly QueryParameter<ImageSort> Sort = QueryParameter.OneOf("sort", ImageSort.Newest, "newest",
        ("newest", ImageSort.Newest), ("oldest", ImageSort.Oldest), ("name", ImageSort.Name), ("largest", ImageSort.Largest), ("taken", ImageSort.Taken));

    /// <summary>Its parameters, for the OpenAPI document.</summary>
    public static QueryParameters Parameters { get; } = new([.. ImageFilters.Parameters, Text, Match, Sort]);

    /// <summary>Reads it, or names the first parameter that is not understood.</summary>
    public static Parsed<ListRequest> Read(HttpRequest request)
    {
        var query = new QueryReader(request.Query);
        var wanted = new ListRequest(ImageFilters.Read(query) with { Text = query.Get(Text), Sort = query.Get(Sort) }, query.Get(Match));
        return query.Problem is { } problem ? problem : wanted;
    }
}
