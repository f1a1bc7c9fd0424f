using ImageAspire.Imaging;
using ImageAspire.Vision.Analysis;
using ImageAspire.Vision.Embeddings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Vision.Api;

/// <summary>
/// Multimodal embeddings of Azure AI Vision 4.0. The models are optional: without one its route is not found. Vectors of texts and of images come
/// from different models here, and cannot be compared with each other; <c>modelVersion</c> says so.
/// </summary>
internal static class RetrievalApi
{
    private const string Version = "2024-02-01", ModelVersion = "2023-04-15";

    // The embedding looks at 224 pixels.
    private const int Side = 448;

    public static void MapRetrieval(this RouteGroupBuilder group)
    {
        group.MapPost("/retrieval:vectorizeText", VectorizeTextAsync);
        group.MapPost("/retrieval:vectorizeImage", VectorizeImageAsync);
    }

    private static async Task<JsonHttpResult<VectorAnswer>> VectorizeTextAsync(HttpContext context, ApiWork work)
    {
        var embedding = context.RequestServices.GetService<ITextEmbedding>() ?? throw new ApiException(ApiError.NotFound);
        Check(context.Request.Query);
        return Answer(embedding.ModelVersion, await work.OnJsonAsync(context, ApiJson.Default.TextRequest, (body, token) =>
            string.IsNullOrWhiteSpace(body?.Text) ? throw new ApiException(ApiError.BadArgument("The body must be { \"text\": … } with a text.")) : embedding.Of(body.Text, token)));
    }

    private static async Task<JsonHttpResult<VectorAnswer>> VectorizeImageAsync(HttpContext context, ApiWork work, IPixelDecoder decoder)
    {
        var embedding = context.RequestServices.GetService<IImageEmbedding>() ?? throw new ApiException(ApiError.NotFound);
        Check(context.Request.Query);
        return Answer(embedding.ModelVersion, await work.OnImageAsync(context, async (image, token) =>
            embedding.Of((await decoder.DecodePixelsAsync(image, await ImageFormats.OfAsync(image, token), Side, token)).Pixels, token)));
    }

    private static void Check(IQueryCollection query)
    {
        AnalyzeQuery.CheckVersion(query, [Version]);
        if (AnalyzeQuery.Value(query, "model-version", "") != ModelVersion)
            throw new ApiException(ApiError.BadArgument($"The parameter model-version must be {ModelVersion}."));
    }

    private static JsonHttpResult<VectorAnswer> Answer(string modelVersion, float[] vector) =>
        TypedResults.Json(new VectorAnswer(modelVersion, vector), ApiJson.Default.VectorAnswer);
}
