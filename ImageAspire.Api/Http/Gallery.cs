namespace ImageAspire.Api.Http;

/// <summary>What the gallery's pages must be told.</summary>
/// <param name="TraceUrl">Address of a trace, with <c>{traceId}</c> in it; null without a dashboard.</param>
internal sealed record GallerySettings(string? TraceUrl);

/// <summary>The gallery's static files and its settings; behind the door like everything else.</summary>
internal static class Gallery
{
    private const string SettingsPath = "/gallery.json";

    public static void UseGallery(this WebApplication app)
    {
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions
        {
            // Small files with an ETag: asking each time costs little, and a new version is seen at once.
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache",
        });
        var settings = new GallerySettings(app.Services.GetRequiredService<ApiOptions>().TraceUrl is { Length: > 0 } traces ? traces : null);
        app.MapGet(SettingsPath, () => TypedResults.Json(settings, ApiJson.Default.GallerySettings)).ExcludeFromDescription();
    }
}
