using System.Globalization;
using ImageAspire.Vision.Analysis;
using Microsoft.AspNetCore.Http;

namespace ImageAspire.Vision.Api;

/// <summary>Reads the query of <c>imageanalysis:analyze</c>.</summary>
internal static class AnalyzeQuery
{
    private const int MostRatios = 10;
    private const double LeastRatio = 0.75, MostRatio = 1.8;
    private const int MostQuoted = 100;
    private static readonly string[] Versions = ["2023-10-01", "2024-02-01"];

    // Without dense captions, as Azure's service in the regions that do not offer them: a caption of ours only states what was detected, so
    // that captions of parts would repeat the objects.
    private static readonly Dictionary<string, VisualFeatures> Features = new(StringComparer.OrdinalIgnoreCase)
    {
        ["tags"] = VisualFeatures.Tags, ["caption"] = VisualFeatures.Caption, ["objects"] = VisualFeatures.Objects, ["read"] = VisualFeatures.Read,
        ["smartCrops"] = VisualFeatures.SmartCrops, ["people"] = VisualFeatures.People,
    };

    /// <exception cref="ApiException">400.</exception>
    public static AnalysisRequest Read(IQueryCollection query)
    {
        CheckVersion(query, Versions);
        if (Value(query, "language", "en") is not "en" and var language)
            throw new ApiException(ApiError.Language(Quoted(language)));
        if (Value(query, "model-version", "latest") is not "latest" and var model)
            throw new ApiException(ApiError.BadArgument($"The model-version '{Quoted(model)}' is not known; this service has 'latest' only."));
        if (!bool.TryParse(Value(query, "gender-neutral-caption", "false"), out _))
            throw new ApiException(ApiError.BadArgument("gender-neutral-caption must be 'true' or 'false'."));
        return new AnalysisRequest(FeaturesOf(query), RatiosOf(query));
    }

    /// <exception cref="ApiException">400: another <c>api-version</c> than these.</exception>
    public static void CheckVersion(IQueryCollection query, IReadOnlyList<string> known)
    {
        var version = Value(query, "api-version", "");
        if (!known.Contains(version))
            throw new ApiException(ApiError.ApiVersion(Quoted(version), known));
    }

    /// <summary>The value of a parameter; the default when it is missing or empty.</summary>
    public static string Value(IQueryCollection query, string name, string otherwise) => query[name] is [{ Length: > 0 } value, ..] ? value : otherwise;

    private static VisualFeatures FeaturesOf(IQueryCollection query)
    {
        var features = VisualFeatures.None;
        foreach (var name in List(query, "features"))
            features |= Features.TryGetValue(name, out var feature) ? feature : throw new ApiException(ApiError.Feature(Quoted(name)));
        return features != VisualFeatures.None ? features
            : throw new ApiException(ApiError.BadArgument($"The parameter features is missing; name one or more of {string.Join(", ", Features.Keys)}."));
    }

    private static List<double> RatiosOf(IQueryCollection query)
    {
        var ratios = List(query, "smartcrops-aspect-ratios").Take(MostRatios + 1)
            .Select(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) ? ratio : double.NaN).ToList();
        return ratios.Count <= MostRatios && ratios.TrueForAll(ratio => ratio is >= LeastRatio and <= MostRatio) ? ratios
            : throw new ApiException(ApiError.BadArgument(string.Create(CultureInfo.InvariantCulture, $"smartcrops-aspect-ratios has up to {MostRatios} numbers from {LeastRatio} to {MostRatio}.")));
    }

    // Written with commas, or as several parameters.
    private static IEnumerable<string> List(IQueryCollection query, string name) =>
        query[name].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static string Quoted(string value) => value.Length <= MostQuoted ? value : value[..MostQuoted];
}
