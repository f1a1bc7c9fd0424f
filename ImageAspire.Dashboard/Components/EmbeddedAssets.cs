using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageAspire.Dashboard.Components;

/// <summary>
/// Styles, scripts and fonts out of the assembly. A hash over all of them is part of their address, so that browsers keep them for ever,
/// and that what they refer to by a relative address (a font, a module) is of the same version.
/// </summary>
internal static class EmbeddedAssets
{
    private const string Prefix = "assets/";

    private static readonly Lazy<IReadOnlyDictionary<string, AssetFile>> Files = new(Load);

    private static readonly Lazy<string> Version = new(() =>
    {
        var all = string.Concat(Files.Value.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => one.Key + one.Value.ETag));
        return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(all)))[..12];
    });

    /// <summary>The address of a file in <c>Assets</c>: <c>app.css</c>, <c>live.js</c>.</summary>
    /// <exception cref="ArgumentException">There is no such file.</exception>
    public static string Address(string name) =>
        Files.Value.ContainsKey(name) ? $"/assets/{Version.Value}/{name}" : throw new ArgumentException($"There is no asset '{name}'.", nameof(name));

    public static void MapAssets(this IEndpointRouteBuilder app) =>
        app.MapMethods("/assets/{version}/{**name}", [HttpMethods.Get, HttpMethods.Head], SendAsync).AllowAnonymous();

    private static Task SendAsync(HttpContext context, string version, string name)
    {
        var response = context.Response;
        if (!Files.Value.TryGetValue(name, out var file))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        // A page of another version asks: it gets what there is, and may not keep it.
        response.Headers.CacheControl = version == Version.Value ? "public, max-age=31536000, immutable" : "no-store";
        response.Headers.ETag = file.ETag;
        response.Headers.Vary = "Accept-Encoding";
        if (context.Request.Headers.IfNoneMatch == file.ETag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        var (bytes, encoding) = file.For(context.Request.Headers.AcceptEncoding.ToString());
        response.ContentType = file.ContentType;
        response.ContentLength = bytes.Length;
        if (encoding is not null)
            response.Headers.ContentEncoding = encoding;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }

    private static Dictionary<string, AssetFile> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var files = new Dictionary<string, AssetFile>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            files.Add(name[Prefix.Length..].Replace('\\', '/'), new AssetFile(name, content));
        }

        return files;
    }
}
