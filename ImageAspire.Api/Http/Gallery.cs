using ImageAspire.Api.Access;

namespace ImageAspire.Api.Http;

/// <summary>Settings of the gallery's pages.</summary>
/// <param name="TraceUrl">Address of a trace, with <c>{traceId}</c> in it; null without a dashboard.</param>
/// <param name="MaxImageBytes">Largest file that is accepted, in bytes.</param>
/// <param name="Scopes">Scopes of the signed-in caller; the pages offer only what they allow.</param>
internal sealed record GallerySettings(string? TraceUrl, long MaxImageBytes, IReadOnlyCollection<string> Scopes);

/// <summary>The gallery's static files and settings; they require authentication like everything else.</summary>
internal static class Gallery
{
    private const string SettingsPath = "/gallery.json";

    public static void UseGallery(this WebApplication app)
    {
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions
        {
            // Small files with an ETag: revalidation is cheap, and a new version is used at once.
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache",
        });
        var options = app.Services.GetRequiredService<ApiOptions>();
        var traces = options.TraceUrl is { Length: > 0 } url ? url : null;
        app.MapGet(SettingsPath, (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "no-store";
            return TypedResults.Json(new GallerySettings(traces, options.MaxImageBytes, Caller.Of(context).Scopes), ApiJson.Default.GallerySettings);
        }).ExcludeFromDescription();
    }
}
