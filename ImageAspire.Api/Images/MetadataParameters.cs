using System.Globalization;
using ImageAspire.Api.Http;
using ImageAspire.Core.Ports;
using Microsoft.OpenApi;

namespace ImageAspire.Api.Images;

/// <summary>The query parameters of the image list for what comes from the files.</summary>
internal static class MetadataParameters
{
    private const int MostStars = 5;
    private const double MostEast = 180, MostNorth = 90;
    private static readonly string[] LocalTimes = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF"];

    /// <summary>A day, or a time without a zone: the clock where the photo was taken.</summary>
    public static QueryParameter<DateTime?> LocalTime(string name) => new(name, new OpenApiSchema
    {
        Type = JsonSchemaType.String, Pattern = @"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?)?$",
        Description = "A day, or a time without a zone, by the clock where the photo was taken.",
    }, null, text => DateTime.TryParseExact(text, LocalTimes, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
        ? time : QueryParameter.Invalid(name, "a day or a time without a zone, for example 2026-03-01 or 2026-03-01T18:30:00"));

    /// <summary>The least rating.</summary>
    public static QueryParameter<int?> Rating(string name) => new(name, new OpenApiSchema
    {
        Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Maximum = FormattableString.Invariant($"{MostStars}"),
    }, null, text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rating) && rating is >= 1 and <= MostStars
        ? rating : QueryParameter.Invalid(name, $"a whole number from 1 to {MostStars}"));

    /// <summary>An area, in the order of GeoJSON.</summary>
    public static QueryParameter<GeoArea?> Area(string name) => new(name, new OpenApiSchema
    {
        Type = JsonSchemaType.String, Pattern = @"^-?\d+(\.\d+)?(,-?\d+(\.\d+)?){3}$",
        Description = "An area as west,south,east,north in degrees. West greater than east: it crosses the antimeridian.",
    }, null, text => ParseArea(text) is { } area ? area : QueryParameter.Invalid(name,
        "west,south,east,north in degrees, for example 11.36,48.06,11.72,48.25: west and east from -180 to 180, south and north from -90 to 90, south not above north"));

    private static GeoArea? ParseArea(string text)
    {
        var edges = new List<double>();
        foreach (var part in text.Split(','))
        {
            if (!double.TryParse(part, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var edge))
                return null;
            edges.Add(edge);
        }

        // No comparison with "not a number" is true.
        return edges is [>= -MostEast and <= MostEast and var west, >= -MostNorth and <= MostNorth and var south,
            >= -MostEast and <= MostEast and var east, >= -MostNorth and <= MostNorth and var north] && south <= north ? new GeoArea(west, south, east, north) : null;
    }
}
