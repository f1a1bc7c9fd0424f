using ImageAspire.Api.Access;

namespace ImageAspire.Api.Http;

/// <summary>Settings of the gallery's pages.</summary>
/// <param name="TraceUrl">Address of a trace, with <c>{traceId}</c> in it; null without a dashboard.</param>
/// <param name="LogsUrl">Address of a service's logs, with <c>{service}</c> in it; null without a dashboard.</param>
/// <param name="MaxImageBytes">Largest file that is accepted, in bytes.</param>
/// <param name="Trash">Whether deleted images can be restored.</param>
/// <param name="Scopes">Scopes of the signed-in caller; the pages offer only what they allow.</param>
internal sealed record GallerySettings(string? TraceUrl, string? LogsUrl, long MaxImageBytes, bool Trash, IReadOnlyCollection<string> Scopes);

/// <summary>The gallery's static files and settings; they require authentication like everything else.</summary>
internal static class Gallery
{
    private const string SettingsPath = "/gallery.json";

    private static readonly string?[] SignInFiles = ["/favicon.svg", "/gallery.css", "/js/signin.js"];

    private static readonly StaticFileOptions Files = new()
    {
        // Small files with an ETag: revalidation is cheap, and a new version is used at once.
        OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache",
    };

    /// <summary>Serves the files that the sign-in page needs before anyone is signed in.</summary>
    public static void UseSignInFiles(this WebApplication app) =>
        app.UseWhen(context => SignInFiles.Contains(context.Request.Path.Value), signIn => signIn.UseStaticFiles(Files));

    public static void UseGallery(this WebApplication app)
    {
        app.UseDefaultFiles();
        app.UseStaticFiles(Files);
        var options = app.Services.GetRequiredService<ApiOptions>();
        var (traces, logs) = (NullIfEmpty(options.TraceUrl), NullIfEmpty(options.LogsUrl));
        app.MapGet(SettingsPath, (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "no-store";
            return TypedResults.Ok(new GallerySettings(traces, logs, options.MaxImageBytes, options.TrashPeriod > TimeSpan.Zero, Caller.Of(context).Scopes));
        }).ExcludeFromDescription();
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
