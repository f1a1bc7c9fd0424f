using ImageAspire.Imaging;
using ImageAspire.ServiceDefaults;
using ImageAspire.ServiceDefaults.Health;
using ImageAspire.Vision.Api;
using ImageAspire.Vision.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace ImageAspire.Vision.Hosting;

/// <summary>The service as a program.</summary>
internal static class VisionService
{
    private const string DefaultAddress = "http://127.0.0.1:5090";

    // A flat image of the largest size that the public API takes is small; a decoder's memory is limited whatever the size.
    private static readonly Dictionary<string, string?> Defaults = new()
    {
        ["Logging:LogLevel:Microsoft"] = "Warning",
        ["Imaging:MaxSide"] = $"{ImageLimits.MaxSide}", ["Imaging:MaxPixels"] = $"{(long)ImageLimits.MaxSide * ImageLimits.MaxSide}",
    };

    // Where ASP.NET Core reads addresses from.
    private static readonly string[] AddressKeys = [WebHostDefaults.ServerUrlsKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey];

    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Defaults });
        if (Array.TrueForAll(AddressKeys, key => string.IsNullOrEmpty(builder.Configuration[key])) && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
            builder.WebHost.UseUrls(DefaultAddress);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Ours is smaller, and its answer reaches clients that are still sending: Kestrel reads on for a while, and closes the connection over its own.
            kestrel.Limits.MaxRequestBodySize = null;
        });
        builder.AddServiceDefaults();
        builder.Services.AddImaging(builder.Configuration);
        builder.Services.AddVisionApi(builder.Configuration);
        builder.Services.AddVisionEngine();

        var app = builder.Build().CheckSettings();
        app.UseMiddleware<ApiResponses>();
        app.UseRouting();
        app.MapDefaultEndpoints();
        app.MapVisionApi();
        return app;
    }
}
