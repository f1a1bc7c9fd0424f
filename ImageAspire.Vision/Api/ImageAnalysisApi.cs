using ImageAspire.Vision.Analysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ImageAspire.Vision.Api;

/// <summary>Image Analysis 4.0 of Azure AI Vision.</summary>
internal static class ImageAnalysisApi
{
    public static void MapImageAnalysis(this RouteGroupBuilder group) => group.MapPost("/imageanalysis:analyze", AnalyzeAsync);

    private static async Task<JsonHttpResult<AnalysisAnswer>> AnalyzeAsync(HttpContext context, ApiWork work, IImageAnalysis analysis)
    {
        var wanted = AnalyzeQuery.Read(context.Request.Query);
        var seen = await work.OnImageAsync(context, (image, token) => analysis.AnalyzeAsync(image, wanted, token));
        return TypedResults.Json(AnalysisAnswers.Of(seen, wanted.Features), ApiJson.Default.AnalysisAnswer);
    }
}
