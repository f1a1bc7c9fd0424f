namespace ImageAspire.Api.Http;

/// <summary>The gallery's static files; behind the door like everything else.</summary>
internal static class Gallery
{
    public static void UseGallery(this WebApplication app)
    {
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions
        {
            // Small files with an ETag: asking each time costs little, and a new version is seen at once.
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache",
        });
    }
}
